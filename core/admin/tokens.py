"""The tokens of programs: each person has theirs, and who manages the house sees everybody's."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminDateWidget

from core import tokens
from core.accounts import may_manage
from core.admin.actions import confirmed
from core.models import Token


class TokenForm(forms.ModelForm):
    asks: Any = None  # who fills the form in

    vence = forms.DateField(
        label=_("Último día"),
        widget=UnfoldAdminDateWidget,
        initial=tokens.usual_end,
        help_text=_("Hasta un año; después deja de valer."),
    )

    class Meta:
        model = Token
        fields = ("nombre", "alcance", "user")

    def clean_vence(self) -> date:
        day: date = self.cleaned_data["vence"]
        tokens.check_end(day)
        return day

    def clean_user(self) -> Any:
        account = self.cleaned_data["user"]
        if account.pk != self.asks.pk and not may_manage(self.asks, account):
            raise forms.ValidationError(
                _("Puede más que usted: no le corresponde crear tokens suyos.")
            )
        return account


@admin.register(Token)
class TokenAdmin(ModelAdmin):
    form = TokenForm
    change_form_outer_before_template = "core/verbos.html"
    list_display = ("nombre", "cuenta", "alcance", "comienzo", "vence", "ultimo_uso", "estado")
    list_filter = ("alcance",)
    list_filter_submit = True
    search_fields = ("nombre", "user__username")
    autocomplete_fields = ("user",)
    show_full_result_count = False
    actions = ("revocar",)

    # Everybody who enters has their own.

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    has_add_permission = has_module_permission

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # revocar does, and leaves its audit

    def manages(self, request: HttpRequest, verb: str = "view") -> bool:
        """Whether who asks may do `verb` with the tokens of others."""
        return request.user.has_perm(f"core.{verb}_token")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Token]:
        rows: QuerySet[Token] = Token.objects.select_related("user")
        return rows if self.manages(request) else rows.filter(user=request.user.pk)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        asked = ("nombre", "alcance", "vence")
        if obj is not None:
            return ((None, {"fields": ("cuenta", *asked, "comienzo", "created", "ultimo_uso")}),)
        whose = ("user",) if self.manages(request, "add") else ()
        return ((None, {"fields": (*asked, *whose)}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("cuenta", "comienzo", "vence", "created", "ultimo_uso") if obj is not None else ()

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, **kwargs)
        form.asks = request.user
        if "user" in form.base_fields:
            form.base_fields["user"].initial = request.user.pk
            form.base_fields["user"].widget = form.base_fields["user"].widget.widget
        return form

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # What is made is shown once: there is nothing to go on with.
        only = {"show_save_and_add_another": False, "show_save_and_continue": False}
        response: HttpResponse = super().add_view(request, *args, extra_context=only, **kwargs)
        return response

    def save_model(self, request: HttpRequest, obj: Token, form: Any, change: bool) -> None:  # noqa: FBT001
        told = form.cleaned_data
        token, secret = tokens.issue(
            told.get("user") or request.user,
            nombre=told["nombre"],
            alcance=told["alcance"],
            vence=told["vence"],
            by=request.user,
        )
        obj.__dict__.update(token.__dict__)
        request.issued = (token, secret)  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Token, *args: Any) -> HttpResponse:
        """Show what the program must send: this once."""
        token, secret = request.issued  # type: ignore[attr-defined]
        context = self.admin_site.each_context(request) | {
            "title": _("Token creado"),
            "opts": self.opts,
            "token": token,
            "secret": secret,
        }
        page = TemplateResponse(request, "core/token.html", context)
        page.headers["Cache-Control"] = "no-store"
        return page

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if kwargs.get("obj") is not None:
            context["verbs"] = [("revocar", _("Revocar"))]
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    @admin.action(description=_("Revocar"))
    @confirmed(question=_("¿Revocar estos tokens? Los programas que los usan dejan de entrar."))
    def revocar(self, request: HttpRequest, queryset: QuerySet[Token], form: None) -> Any:
        done = 0
        for token in queryset:
            if token.user_id == request.user.pk or self.manages(request, "delete"):
                tokens.revoke(token, by=request.user)
                done += 1
        text = ngettext("%(count)d token revocado.", "%(count)d tokens revocados.", done)
        messages.success(request, text % {"count": done})
        return HttpResponseRedirect(reverse("admin:core_token_changelist"))

    # Columns.

    @admin.display(description=_("cuenta"), ordering="user__username")
    def cuenta(self, token: Token) -> str:
        return str(token.user.get_username())

    @admin.display(description=_("empieza por"))
    def comienzo(self, token: Token) -> str:
        return f"{token.empieza}…"

    @admin.display(description=_("último día"), ordering="expiry")
    def vence(self, token: Token) -> str:
        return date_format(token.vence, "SHORT_DATE_FORMAT")

    @display(description=_("estado"), label={"vigente": "success", "vencido": "danger"})  # type: ignore[untyped-decorator]
    def estado(self, token: Token) -> tuple[str, Any]:
        if token.vencido(timezone.now()):
            return "vencido", _("Vencido")
        return "vigente", _("Vigente")
