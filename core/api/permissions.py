"""What each request needs: the permission of its verb on the model, as core.rights says."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from core import rights

VERBS = {
    "list": "view",
    "retrieve": "view",
    "metadata": "view",
    "create": "add",
    "update": "change",
    "partial_update": "change",
    "destroy": "delete",
}
SAID = {
    "view": gettext_lazy("ver"),
    "add": gettext_lazy("añadir"),
    "change": gettext_lazy("cambiar"),
    "delete": gettext_lazy("borrar"),
}


class ModelRights(BasePermission):
    """Lets in who may do what the action does; without having signed in, only where the door is open."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not (view.user.is_authenticated or view.user is rights.HOUSE):
            return False
        verb = view.permission_verb or VERBS.get(view.action or "")
        # An action that does not exist is answered as such afterwards.
        if verb is None or rights.may(view.user, verb, view.model):
            return True
        self.message = _("No tiene permiso para %(verb)s %(model)s.") % {
            "verb": SAID.get(verb, verb),
            "model": view.model._meta.verbose_name_plural,
        }
        return False
