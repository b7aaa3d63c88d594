"""The operational report alone, where it always was."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from analitica.descripcion import views as descripcion
from core.live import live
from reportes.operativo.descripcion import operational_report
from reportes.operativo.views import INTERFACE, Dashboard

handler404 = "core.refusals.not_found"
handler500 = "core.refusals.failed"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="operativo"), name="inicio"),
    re_path(r"^reportes/dashboard/?$", Dashboard.as_view(), name="operativo"),
    *descripcion.doors(operational_report, interface=INTERFACE),
    path("health/live", live, name="health-live"),
]
