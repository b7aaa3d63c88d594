"""Actions that ask before they do what can't be undone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib.admin import helpers
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

Action = Callable[[Any, HttpRequest, QuerySet[Any]], HttpResponse | None]
ConfirmedAction = Callable[[Any, HttpRequest, Any, Any], HttpResponse | None]

CONFIRMED = "_confirmado"


def confirmed(
    *, question: str | Promise, form: type[forms.Form] | None = None
) -> Callable[[ConfirmedAction], Action]:
    """Put a page with `question`, the chosen rows and `form` before the action.

    The action is called with the valid form, or None where there is no form.
    """

    def decorate(action: ConfirmedAction) -> Action:
        @wraps(action)
        def ask(self: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
            answered = CONFIRMED in request.POST
            filled = form(request.POST if answered else None) if form else None
            if answered and (filled is None or filled.is_valid()):
                return action(self, request, queryset, filled)
            return _page(self, request, queryset, question, filled)

        return ask

    return decorate


def page_asked_from(request: HttpRequest) -> str:
    """Return the page of ours that an action was asked from, if it was not the list."""
    back = request.POST.get("_back", "")
    ours = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return back if ours else ""


def _page(
    admin: Any,
    request: HttpRequest,
    queryset: QuerySet[Any],
    question: str | Promise,
    form: forms.Form | None,
) -> TemplateResponse:
    action = request.POST["action"]
    context = admin.admin_site.each_context(request) | {
        "title": admin.get_actions(request)[action][2],
        "question": question,
        "form": form,
        "rows": queryset,
        "opts": admin.model._meta,
        "action": action,
        "back": page_asked_from(request),
        "confirmed_name": CONFIRMED,
        "selected_name": helpers.ACTION_CHECKBOX_NAME,
        "media": admin.media + (form.media if form else forms.Media()),
        "subtitle": _("Confirmación"),
    }
    return TemplateResponse(request, "core/confirmacion.html", context)
