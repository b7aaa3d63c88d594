"""The table of contents: every address that Cartera answers."""

from django.contrib import admin
from django.urls import include, path

from analitica import api as analitica

urlpatterns = [
    path("", analitica.Root.as_view(), name="inicio"),
    path("health", analitica.Health.as_view(), name="health"),
    path("health/live", analitica.live, name="health-live"),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
]
