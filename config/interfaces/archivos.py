"""The storage service alone, where it always was."""

from django.urls import path

from compat.urls import ARCHIVOS
from core.live import live

handler404 = "compat.refusals.not_found"
handler500 = "compat.refusals.failed"

urlpatterns = [*ARCHIVOS, path("health/live", live, name="health-live")]
