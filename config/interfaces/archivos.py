"""The storage service alone, where it always was."""

from django.urls import path

from analitica.api import live
from compat.urls import ARCHIVOS

handler404 = "compat.refusals.not_found"
handler500 = "compat.refusals.failed"

urlpatterns = [*ARCHIVOS, path("health/live", live, name="health-live")]
