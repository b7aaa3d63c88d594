"""The analytics alone: they read the lake, and no database where they are open."""

from django.urls import path
from rest_framework.renderers import JSONRenderer

from analitica import api
from analitica.descripcion import views as descripcion
from analitica.descripcion.openapi import analytics
from core.live import live

handler404 = "core.refusals.not_found"
handler500 = "core.refusals.failed"

urlpatterns = [
    path("", api.Root.as_view(renderer_classes=[JSONRenderer]), name="inicio"),
    path("health", api.Health.as_view(), name="health"),
    path("health/live", live, name="health-live"),
    path("data/info", api.Info.as_view(), name="data-info"),
    *api.figures(),
    *descripcion.doors(analytics),
]
