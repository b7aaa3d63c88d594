"""The pages of who is not signed in: the door, and the way to a new password."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from unfold.forms import AuthenticationForm
from unfold.widgets import BASE_INPUT_CLASSES

from core import links
from core.models import Intento


class SignInForm(AuthenticationForm):
    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": _(
            "El usuario o la contraseña no son correctos. Las mayúsculas y las minúsculas cuentan."
        )
    }


class Styled:
    """The clothes that unfold gives to the fields of its own door."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = " ".join(BASE_INPUT_CLASSES)


class EmailForm(Styled, PasswordResetForm):
    pass


class NewPasswordForm(Styled, SetPasswordForm):
    pass


class Outside:
    """What the template of a page outside needs to look like the door."""

    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return admin.site.each_context(self.request) | context


class AskForLink(Outside, views.PasswordResetView):
    form_class = EmailForm
    title = _("Nueva contraseña")

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            links.ask(self.request, form.cleaned_data["email"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return self.render_to_response(self.get_context_data(form=form), status=429)
        return HttpResponseRedirect(self.get_success_url())


class LinkAsked(Outside, views.PasswordResetDoneView):
    title = _("Revise su correo")


class ChoosePassword(Outside, views.PasswordResetConfirmView):
    form_class = NewPasswordForm
    title = _("Elija su contraseña")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context if self.validlink else context | {"title": _("Este enlace ya no sirve")}

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        # Who reads the mail of the account has shown who they are.
        Intento.objects.filter(username=form.user.get_username()).delete()
        return response


class PasswordChosen(Outside, views.PasswordResetCompleteView):
    title = _("Contraseña guardada")


@never_cache
@ensure_csrf_cookie
def still_in(request: HttpRequest) -> HttpResponse:
    """Tell a page that is about to send a form whether the session goes on, and how to go on if not."""
    if request.user.is_authenticated:
        return JsonResponse({"csrf": get_token(request)})
    return render(request, "core/sesion.html", {"login_url": settings.LOGIN_URL}, status=401)
