"""How the back office looks, and where things are: by what people do, not by table."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def page(title: str | Promise, icon: str, model: str) -> dict[str, Any]:
    """An entry for the list of `model` ("polizas.poliza"), for those who may see it."""
    app, name = model.split(".")
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{app}_{name}_changelist"),
        "permission": may(f"{app}.view_{name}"),
    }


def may(*permissions: str) -> Callable[[HttpRequest], bool]:
    return lambda request: bool(request.user.has_perms(permissions))


def group(title: str | Promise, *items: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": True, "items": list(items)}


NAVIGATION = [
    group(
        _("Clientes"),
        page(_("Clientes"), "group", "clientes.cliente"),
        page(_("Pedidos"), "inbox", "pedidos.pedido"),
        page(_("Registrados"), "how_to_reg", "clientes.usuario"),
    ),
    group(
        _("Producción"),
        page(_("Pólizas"), "verified_user", "polizas.poliza"),
        page(_("Bienes"), "home_work", "bienes.bien"),
    ),
    group(
        _("Cobranza"),
        page(_("Recibos"), "receipt_long", "polizas.recibo"),
        page(_("Cobros"), "payments", "polizas.cobro"),
    ),
    group(
        _("Siniestros"),
        page(_("Reclamos"), "car_crash", "siniestros.reclamo"),
        page(_("Pagos"), "price_check", "siniestros.pago"),
    ),
    group(
        _("Red comercial"),
        page(_("Agentes"), "support_agent", "agentes.agente"),
        page(_("Especialidades"), "workspace_premium", "especialidades.especialidad"),
    ),
    group(
        _("Analítica"),
        {
            "title": _("Cifras y gráficos"),
            "icon": "monitoring",
            "link": reverse_lazy("analitica:indice"),
            "permission": may("polizas.view_poliza"),
        },
        {
            "title": _("Reporte operativo"),
            "icon": "checklist",
            "link": reverse_lazy("operativo"),
            "permission": may("pedidos.view_pedido", "empleados.view_empleado"),
        },
    ),
    group(
        _("Catálogo"),
        page(_("Productos"), "inventory_2", "polizas.producto"),
        page(_("Aseguradoras"), "domain", "polizas.aseguradora"),
    ),
    group(
        _("Lago de datos"),
        page(_("Trabajos"), "conveyor_belt", "ingestion.job"),
        page(_("Programación"), "schedule", "django_celery_beat.periodictask"),
    ),
    group(
        _("Administración"),
        page(_("Empleados"), "badge", "empleados.empleado"),
        page(_("Cuentas"), "manage_accounts", "auth.user"),
        page(_("Grupos"), "groups", "auth.group"),
        page(_("Intentos fallidos"), "gpp_bad", "core.intento"),
        {
            "title": _("Estado"),
            "icon": "vital_signs",
            "link": reverse_lazy("reportes:estado"),
            "permission": may("ingestion.view_job"),
        },
        page(_("Tokens"), "key", "core.token") | {"permission": lambda request: True},
    ),
]
# Nothing stands above the first.
NAVIGATION[0]["separator"] = False

UNFOLD = {
    "SITE_TITLE": "Cartera",
    "SITE_HEADER": "Cartera",
    "SITE_SUBHEADER": _("Oficina de seguros"),
    "SITE_URL": "/",
    "SITE_ICON": lambda request: static("img/cartera.svg"),
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("img/cartera.svg"),
        }
    ],
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "LOGIN": {"form": "core.signin.SignInForm"},
    "STYLES": [
        lambda request: static("css/oficina.css"),
        lambda request: static("reportes/reportes.css"),
    ],
    "SCRIPTS": [
        lambda request: static("js/oficina.js"),
        lambda request: static("core/sesion.js"),
        lambda request: static("reportes/buscar.js"),
    ],
    "DASHBOARD_CALLBACK": "reportes.portada.dashboard",
    "COLORS": {
        "primary": {
            "50": "#f0fdfa",
            "100": "#ccfbf1",
            "200": "#99f6e4",
            "300": "#5eead4",
            "400": "#2dd4bf",
            "500": "#0d9488",
            "600": "#0f766e",
            "700": "#115e59",
            "800": "#134e4a",
            "900": "#134e4a",
            "950": "#042f2e",
        }
    },
    "SIDEBAR": {"show_search": False, "navigation": NAVIGATION},
}
