"""The accounts: who uses each, what it may do, and how it comes to have a password."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from core import links
from core.accounts import grantable_groups, may_manage
from core.admin.actions import page_asked_from
from core.references import holders_of

admin.site.unregister(User)

LINK = "text-primary-600 underline dark:text-primary-500"
# What Django calls "groups" and "staff status".
WORDS = {
    "groups": (
        _("Roles"),
        _(
            "Lo que puede ver y hacer. Con varios roles puede lo de cualquiera de ellos; con el rol "
            "Agente ve únicamente su cartera."
        ),
    ),
    "is_staff": (_("Entra en la oficina"), _("Quien no entra usa únicamente la API.")),
    "is_active": (_("Activa"), _("Una cuenta que ya no se usa se desactiva; no se borra.")),
}


class CuentaForm(UserChangeForm):
    asks: Any = None  # who fills the form in

    def clean_is_active(self) -> bool:
        active: bool = self.cleaned_data["is_active"]
        if not active and self.asks is not None and self.instance.pk == self.asks.pk:
            raise ValidationError(_("No puede desactivar su propia cuenta."))
        return active


class CuentaNuevaForm(UserCreationForm):
    class Meta(UserCreationForm.Meta):
        fields = ("username", "first_name", "last_name", "email", "is_staff", "groups")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_staff"].initial = True
        method = self.fields["usable_password"]
        method.label, method.initial, method.help_text = _("Quién elige la contraseña"), "false", ""
        method.widget.choices = [
            ("false", _("Su titular, con el enlace de acceso")),
            ("true", _("Yo, ahora")),
        ]


@admin.register(User)
class CuentaAdmin(UserAdmin, ModelAdmin):
    form = CuentaForm
    add_form = CuentaNuevaForm
    change_password_form = AdminPasswordChangeForm
    add_form_template = "admin/change_form.html"
    change_form_outer_before_template = "core/verbos.html"
    list_display = ("username", "nombre", "email", "roles", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    list_filter_submit = True
    actions = ("enviar_enlace",)
    filter_horizontal = ()
    readonly_fields = ("clave", "last_login", "date_joined", "vinculada")
    fieldsets = (
        (None, {"fields": ("username", "clave", "is_active")}),
        (_("Quién la usa"), {"fields": ("first_name", "last_name", "email", "vinculada")}),
        (_("Qué puede hacer"), {"fields": ("groups", "is_staff")}),
        (_("Fuera de los roles"), {"fields": ("is_superuser",)}),
        (_("Fechas"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        (_("Qué puede hacer"), {"fields": ("groups", "is_staff")}),
        (_("Cómo entra"), {"fields": ("usable_password", "password1", "password2")}),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may: bool = super().has_change_permission(request, obj)
        return may and (obj is None or may_manage(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An account that anything hangs from is deactivated, not deleted."""
        may: bool = super().has_delete_permission(request, obj)
        if not may or obj is None:
            return may
        is_own = obj.pk == request.user.pk
        return not is_own and may_manage(request.user, obj) and not holders_of([obj])

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)  # one by one, where its own page lets
        return actions

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        return [part for part in fieldsets if "is_superuser" not in part[1]["fields"]]

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,  # noqa: FBT001, FBT002  (Django's)
        **kwargs: Any,
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.asks = request.user
        return form

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name in WORDS:
            field.label, field.help_text = WORDS[db_field.name]
            field.widget = getattr(
                field.widget, "widget", field.widget
            )  # no «add another» beside it
        return field

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["queryset"] = grantable_groups(request.user).order_by("name")
            kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        accounts: QuerySet[User] = super().get_queryset(request).prefetch_related("groups")
        return accounts

    @admin.display(description=_("nombre"), ordering="first_name")
    def nombre(self, account: User) -> str:
        return account.get_full_name()

    @admin.display(description=_("contraseña"))
    def clave(self, account: User) -> str:
        state, verb = (
            (_("La tiene."), _("Cambiarla"))
            if account.has_usable_password()
            else (_("Todavía no la ha elegido."), _("Escribir una"))
        )
        return format_html('{} <a class="{}" href="../password/">{}</a>', state, LINK, verb)

    @admin.display(description=_("roles"))
    def roles(self, account: User) -> str:
        names = sorted(group.name for group in account.groups.all())
        return ", ".join([str(_("Superusuario")), *names] if account.is_superuser else names)

    @admin.display(description=_("de quién es"))
    def vinculada(self, account: User) -> str:
        """Who in the house has this account: whatever refers to it."""
        holders = holders_of([account]) if account.pk else []
        return format_html_join("", "<div>{}</div>", ((_link(holder),) for holder in holders))

    # The link to choose a password.

    @admin.action(description=_("Enviar enlace de acceso"), permissions=["change"])
    def enviar_enlace(self, request: HttpRequest, queryset: QuerySet[User]) -> Any:
        sent = 0
        for account in queryset:
            try:
                self.invite(request, account)
            except ValidationError as refusal:
                messages.error(request, f"{account}: {' '.join(refusal.messages)}")
            else:
                sent += 1
        if sent:
            text = ngettext(
                "Se envía %(count)d enlace: sirve durante una hora.",
                "Se envían %(count)d enlaces: sirven durante una hora.",
                sent,
            )
            messages.success(request, text % {"count": sent})
        return HttpResponseRedirect(page_asked_from(request) or request.get_full_path())

    def invite(self, request: HttpRequest, account: User) -> None:
        if not self.has_change_permission(request, account):
            raise ValidationError(_("Puede más que usted: no le corresponde administrarla."))
        links.invite(request, account)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        account = kwargs.get("obj")
        if account is not None and self.has_change_permission(request, account):
            context["verbs"] = [("enviar_enlace", _("Enviar enlace de acceso"))]
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response


def _link(row: Any) -> Any:
    text = f"{capfirst(row._meta.verbose_name)}: {row}"
    try:
        return format_html('<a class="{}" href="{}">{}</a>', LINK, address_of(row), text)
    except NoReverseMatch:
        return text


def address_of(row: Any) -> str:
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
