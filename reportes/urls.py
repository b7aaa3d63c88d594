from django.contrib import admin
from django.urls import path

from reportes import views

app_name = "reportes"

urlpatterns = [
    path("buscar/", admin.site.admin_view(views.buscar), name="buscar"),
    path("buscar/sugerencias/", admin.site.admin_view(views.sugerencias), name="sugerencias"),
    path("estado/", admin.site.admin_view(views.estado), name="estado"),
    path("clientes/cliente/<uuid:pk>/ficha/", admin.site.admin_view(views.ficha), name="ficha"),
]
