"""The groups: roles, told in words, and whatever others the house makes."""

from collections import defaultdict
from typing import Any, Final

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelect2MultipleWidget

from core.accounts import grantable_groups, permissions_of
from core.entities import Entity

admin.site.unregister(Group)

VERBS: Final = {
    "view": _("ver"),
    "add": _("añadir"),
    "change": _("cambiar"),
    "delete": _("borrar"),
}


@admin.register(Group)
class GrupoAdmin(GroupAdmin, ModelAdmin):
    """Groups of the house's own may change; the roles are kept as config/roles.py says."""

    readonly_fields = ("puede",)
    filter_horizontal = ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        is_role = obj is not None and obj.name in settings.ROLES
        return ("name", "puede") if is_role else ("name", "permissions")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may: bool = super().has_change_permission(request, obj)
        return may and (obj is None or self._is_free(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may: bool = super().has_delete_permission(request, obj)
        return may and (obj is None or self._is_free(request, obj))

    def _is_free(self, request: HttpRequest, group: Group) -> bool:
        is_role = group.name in settings.ROLES
        return not is_role and grantable_groups(request.user).filter(pk=group.pk).exists()

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)  # one by one, where its own page lets
        return actions

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "permissions":
            mine = permissions_of(request.user).values("pk")
            kwargs["queryset"] = Permission.objects.filter(pk__in=mine).select_related(
                "content_type"
            )
            kwargs["widget"] = UnfoldAdminSelect2MultipleWidget()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("puede"))
    def puede(self, group: Group) -> str:
        """What the role may do, a line for each kind of row."""
        verbs: dict[Any, list[str]] = defaultdict(list)
        for permission in sorted(group.permissions.select_related("content_type"), key=_rank):
            model = permission.content_type.model_class()
            if model is not None and (issubclass(model, Entity) or admin.site.is_registered(model)):
                verbs[model].append(_verb(permission, model))
        lines = sorted(
            (capfirst(str(model._meta.verbose_name_plural)), ", ".join(words))
            for model, words in verbs.items()
        )
        return format_html_join("", "<div><strong>{}</strong>: {}</div>", lines)


def _rank(permission: Permission) -> int:
    first = permission.codename.partition("_")[0]
    return list(VERBS).index(first) if first in VERBS else len(VERBS)


def _verb(permission: Permission, model: Any) -> str:
    name = permission.codename.removesuffix(f"_{model._meta.model_name}")
    return str(VERBS.get(name, permission.name))
