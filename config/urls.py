"""The table of contents: every address that Cartera answers."""

from django.contrib import admin
from django.urls import include, path, re_path

from agentes.pages import AgentePage
from analitica import api as analitica
from analitica.descripcion import views as descripcion
from analitica.descripcion.openapi import analytics
from clientes.pages import ClientePage
from core.languages import choose_language
from core.live import live
from especialidades.pages import EspecialidadPage
from polizas.pages import PolizaPage
from reportes.api import Ready
from reportes.operativo.descripcion import operational_report
from reportes.operativo.views import Dashboard

handler404 = "core.refusals.not_found"
handler500 = "core.refusals.failed"

urlpatterns = [
    path("", analitica.Root.as_view(), name="inicio"),
    path("health", analitica.Health.as_view(), name="health"),
    path("data/info", analitica.Info.as_view(), name="data-info"),
    *analitica.figures(),
    *descripcion.doors(analytics, operational_report),
    path("health/live", live, name="health-live"),
    path("health/ready", Ready.as_view(), name="health-ready"),
    re_path(r"^clientes/?$", ClientePage.door(), name="clientes"),
    re_path(r"^polizas/?$", PolizaPage.door(), name="polizas"),
    re_path(r"^agentes/?$", AgentePage.door(), name="agentes"),
    re_path(r"^especialidades/?$", EspecialidadPage.door(), name="especialidades"),
    path("api/v1/", include("config.api")),
    path("sky/", include("compat.urls")),
    re_path(r"^reportes/dashboard/?$", Dashboard.as_view(), name="operativo"),
    path("admin/", include("core.urls")),
    path("admin/", include("reportes.urls")),
    path("admin/", include("analitica.paginas.urls")),
    path("admin/", admin.site.urls),
    path("i18n/setlang/", choose_language, name="set_language"),
]
