from django.contrib import admin
from django.urls import path

from analitica.paginas import views

app_name = "analitica"

urlpatterns = [
    path("analitica/", admin.site.admin_view(views.indice), name="indice"),
    path("analitica/<slug:slug>/", admin.site.admin_view(views.tema), name="tema"),
    path(
        "analitica/<slug:slug>/<slug:grafico>.csv",
        admin.site.admin_view(views.archivo),
        name="archivo",
    ),
]
