from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Cartera")

    def ready(self) -> None:
        from core import accounts, checks, languages, sessions, tries  # noqa: F401  (all register receivers)
        from core.references import protect_holders
        from core.roles import keep_roles

        protect_holders()
        post_migrate.connect(keep_roles, sender=self)
        if any(connection.vendor == "mongodb" for connection in connections.all()):
            from core.backends.mongodb.guards import keep_guards

            post_migrate.connect(keep_guards)
