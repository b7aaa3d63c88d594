"""Accounts and roles: every change of theirs is audited, and nobody grants what they do not have."""

from collections.abc import Iterable
from typing import Any, Final

from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model, Q, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver
from simple_history.models import HistoricalRecords

from core.models import auditar

FIELDS: Final[dict[type[Model], tuple[str, ...]]] = {
    User: (
        "username", "first_name", "last_name", "email", "is_active", "is_staff", "is_superuser",
    ),
    Group: ("name",),
}  # fmt: skip
WORDS: Final[dict[type[Model], tuple[str, str]]] = {
    User: ("cuenta", "cuentas"),
    Group: ("rol", "roles"),
    Permission: ("permiso", "permisos"),
}


# Who may manage whom.


def permissions_of(user: Any) -> QuerySet[Permission]:
    """Return what `user` has been given, even while the account is not active."""
    given = Permission.objects.filter(Q(group__user=user) | Q(user=user))
    return Permission.objects.all() if user.is_superuser else given


def may_manage(user: Any, account: Any) -> bool:
    """Whether `user` may change `account`: only one that can do nothing more than `user`."""
    if user.is_superuser or account.is_superuser:
        return bool(user.is_superuser)
    mine = permissions_of(user).values("pk")
    return not permissions_of(account).exclude(pk__in=mine).exists()


def grantable_groups(user: Any) -> QuerySet[Group]:
    """Return the groups that give nothing that `user` does not have."""
    if user.is_superuser:
        return Group.objects.all()
    not_mine = Permission.objects.exclude(pk__in=permissions_of(user).values("pk"))
    beyond = Group.objects.filter(permissions__in=not_mine)
    return Group.objects.exclude(pk__in=beyond.values("pk"))


# Each change leaves its audit, whatever door it came by.


def actor() -> int | None:
    """Return the key of who makes the request under way, if there is one and they signed in."""
    request = getattr(HistoricalRecords.context, "request", None)
    user = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else None


@receiver(pre_save, sender=User)
@receiver(pre_save, sender=Group)
def look_before(sender: type[Model], instance: Any, update_fields: Any, **kwargs: Any) -> None:
    if set(update_fields or ()) == {"last_login"}:
        return
    columns = (*FIELDS[sender], *(("password",) if sender is User else ()))
    known = sender._default_manager.filter(pk=instance.pk) if instance.pk else None
    instance._before = known.values(*columns).first() if known is not None else None


@receiver(post_save, sender=User)
@receiver(post_save, sender=Group)
def audit_save(
    sender: type[Model],
    instance: Any,
    created: bool,  # noqa: FBT001  (Django's)
    update_fields: Any,
    **kwargs: Any,
) -> None:
    if set(update_fields or ()) == {"last_login"}:
        return
    if created:
        values = {name: getattr(instance, name) for name in FIELDS[sender]}
        _audit("alta", instance, valores={name: value for name, value in values.items() if value})
    elif changes := _changes(sender, instance, set(update_fields or ())):
        _audit("cambio", instance, **changes)


def _changes(sender: type[Model], instance: Any, only: set[str]) -> dict[str, Any]:
    """Return what is not as it was; of the password, only that it is another."""
    before = getattr(instance, "_before", None) or {}
    found: dict[str, Any] = {}
    changed = {
        name: [before[name], getattr(instance, name)]
        for name in FIELDS[sender]
        if name in before and before[name] != getattr(instance, name)
    }
    if changed:
        found["cambios"] = changed
    if sender is User and before.get("password") != instance.password:
        # Django makes a stronger hash of the same password when its owner signs in.
        same = only == {"password"} and instance._password is None
        found["contrasena"] = "cifrada de nuevo" if same else "cambiada"
    return found


@receiver(post_delete, sender=User)
@receiver(post_delete, sender=Group)
def audit_delete(instance: Any, **kwargs: Any) -> None:
    _audit("baja", instance)


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
@receiver(m2m_changed, sender=Group.permissions.through)
def audit_grants(
    sender: type[Model], instance: Any, action: str, model: Any, pk_set: Any, **kwargs: Any
) -> None:
    """Audit who was given what, or lost it: roles of accounts, and permissions of either."""
    done = {"post_add": "concesion", "post_remove": "retirada", "pre_clear": "retirada"}.get(action)
    if done is None:
        return
    rows = model._default_manager.all()
    if pk_set is None:  # a clear() does not say of what
        mine, other = _sides(sender, instance, model)
        rows = rows.filter(pk__in=sender._default_manager.filter(**{mine: instance}).values(other))
    else:
        rows = rows.filter(pk__in=pk_set)
    if names := sorted(_names(rows)):
        _audit(done, instance, **{WORDS[model][1]: names})


def _sides(sender: type[Model], instance: Any, model: Any) -> tuple[str, str]:
    """Return the two fields of the table between: that of `instance`, and that of `model`."""
    by_model = {
        field.related_model: field.name for field in sender._meta.fields if field.is_relation
    }
    return by_model[type(instance)], by_model[model]


def _names(rows: QuerySet[Any]) -> Iterable[str]:
    if rows.model is Permission:
        for app, code in rows.values_list("content_type__app_label", "codename"):
            yield f"{app}.{code}"
    else:
        yield from (_name(row) for row in rows)


def _name(row: Any) -> str:
    if isinstance(row, Permission):
        return f"{row.content_type.app_label}.{row.codename}"
    return row.get_username() if isinstance(row, User) else str(row)


def _audit(done: str, instance: Any, **detail: Any) -> None:
    word = WORDS[type(instance)][0]
    operacion = done if done in ("concesion", "retirada") else f"{done}_de_{word}"
    auditar(
        "auth", operacion, user_id=actor(), **{word: _name(instance), "id": instance.pk, **detail}
    )
