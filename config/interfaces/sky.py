"""The customer service alone, where it always was."""

from django.urls import path

from compat.urls import SKY
from core.live import live

handler404 = "compat.refusals.not_found"
handler500 = "compat.refusals.failed"

urlpatterns = [*SKY, path("health/live", live, name="health-live")]
