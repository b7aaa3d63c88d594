"""The API of who is insured, or may be, and of what is known of them."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agentes.api import AgenteSerializer
from clientes import services
from clientes.models import (
    Beneficiario,
    Cliente,
    Consentimiento,
    Contacto,
    Direccion,
    ServicioContratado,
    Usuario,
)
from core.api.router import Router
from core.api.serializers import EntitySerializer
from core.api.viewsets import Changing, Creating, EntityViewSet, verb

DOCUMENTO = ("tipo_documento", "pais_documento", "numero_documento")
UN_CLIENTE = "01901b2c-7d3e-7000-8000-0000000000c1"


class UsuarioSerializer(EntitySerializer):
    class Meta:
        model = Usuario
        fields = ("username", "email", "rol", "telefono", "provincia", "ciudad")
        example = {
            "username": "mlopez",
            "email": "maria.lopez@ejemplo.pe",
            "rol": "USER",
            "ciudad": "Lima",
        }


class ClienteSerializer(EntitySerializer):
    class Meta:
        model = Cliente
        fields = (
            "tipo",
            "nombres",
            "apellidos",
            *DOCUMENTO,
            "nacimiento",
            "sexo",
            "estado_civil",
            "ocupacion",
            "expuesto",
            "email",
            "telefono",
            "agente",
            "usuario",
            "nombre_sky",
            "notas",
        )
        expandable = {
            "agente": AgenteSerializer,
            "usuario": UsuarioSerializer,
            "contactos": "clientes.api.ContactoSerializer",
            "direcciones": "clientes.api.DireccionSerializer",
            "consentimientos": "clientes.api.ConsentimientoSerializer",
            "beneficiarios": "clientes.api.BeneficiarioSerializer",
            "servicios": "clientes.api.ServicioSerializer",
        }
        example = {
            "tipo": "persona",
            "nombres": "María",
            "apellidos": "López Quispe",
            "nacimiento": "1980-02-29",
            "email": "maria.lopez@ejemplo.pe",
            "telefono": "+51 900 000 000",
        }


class ContactoSerializer(EntitySerializer):
    class Meta:
        model = Contacto
        fields = ("cliente", "tipo", "valor", "nota")
        expandable = {"cliente": ClienteSerializer}
        example = {"cliente": UN_CLIENTE, "tipo": "movil", "valor": "+51 900 000 001"}


class DireccionSerializer(EntitySerializer):
    class Meta:
        model = Direccion
        fields = ("cliente", "tipo", "linea", "ciudad", "provincia", "codigo_postal", "pais")
        expandable = {"cliente": ClienteSerializer}
        example = {
            "cliente": UN_CLIENTE,
            "tipo": "domicilio",
            "linea": "Av. Arequipa 100",
            "ciudad": "Lima",
            "pais": "PE",
        }


class ConsentimientoSerializer(EntitySerializer):
    class Meta:
        model = Consentimiento
        fields = ("cliente", "finalidad", "otorgado", "fecha", "medio", "retirado")
        expandable = {"cliente": ClienteSerializer}
        example = {
            "cliente": UN_CLIENTE,
            "finalidad": "comercial",
            "otorgado": True,
            "fecha": "2026-01-10",
            "medio": "web",
        }


class BeneficiarioSerializer(EntitySerializer):
    class Meta:
        model = Beneficiario
        fields = ("cliente", "nombres", "apellidos", "parentesco", "nacimiento", *DOCUMENTO)
        expandable = {"cliente": ClienteSerializer}
        example = {
            "cliente": UN_CLIENTE,
            "nombres": "Íñigo",
            "apellidos": "López Prado",
            "parentesco": "hijo",
            "nacimiento": "2015-06-01",
        }


class ServicioSerializer(EntitySerializer):
    class Meta:
        model = ServicioContratado
        fields = ("cliente", "descripcion", "fecha")
        expandable = {"cliente": ClienteSerializer}
        example = {
            "cliente": UN_CLIENTE,
            "descripcion": "Paquete Premium TV",
            "fecha": "2026-03-01",
        }


class UsuarioViewSet(EntityViewSet):
    serializer_class = UsuarioSerializer
    ordering_fields = ("username",)
    filterset_fields = {"username": ["exact"], "email": ["exact"], "rol": ["exact", "in"]}


class ClienteViewSet(EntityViewSet):
    serializer_class = ClienteSerializer
    ordering_fields = ("nombres", "apellidos")
    filterset_fields = {
        "tipo": ["exact"],
        "tipo_documento": ["exact"],
        "pais_documento": ["exact"],
        "numero_documento": ["exact"],
        "agente": ["exact", "isnull"],
        "usuario": ["exact"],
        "email": ["exact"],
        "nombre_sky": ["exact", "isnull"],
        "expuesto": ["exact"],
        "nacimiento": ["exact", "gte", "lt"],
        "creado": ["gte", "lt"],
    }


class ContactoViewSet(EntityViewSet):
    serializer_class = ContactoSerializer
    search_fields = ()
    filterset_fields = {"cliente": ["exact"], "tipo": ["exact", "in"], "valor": ["exact"]}


class DireccionViewSet(EntityViewSet):
    serializer_class = DireccionSerializer
    search_fields = ()
    filterset_fields = {"cliente": ["exact"], "tipo": ["exact", "in"], "pais": ["exact"]}


class ConsentimientoViewSet(Creating, Changing):
    serializer_class = ConsentimientoSerializer
    search_fields = ()
    filterset_fields = {
        "cliente": ["exact"],
        "finalidad": ["exact", "in"],
        "otorgado": ["exact"],
        "fecha": ["exact", "gte", "lt"],
        "retirado": ["isnull", "gte", "lt"],
    }

    @verb("change", description=_("Anota que el cliente lo retira hoy."))
    def retirar(self, consentimiento: Consentimiento) -> Consentimiento:
        return services.retirar(consentimiento.pk, dia=timezone.localdate())


class BeneficiarioViewSet(EntityViewSet):
    serializer_class = BeneficiarioSerializer
    ordering_fields = ("nombres", "apellidos")
    filterset_fields = {"cliente": ["exact"], "parentesco": ["exact", "in"]}


class ServicioViewSet(EntityViewSet):
    serializer_class = ServicioSerializer
    filterset_fields = {"cliente": ["exact"], "fecha": ["exact", "gte", "lt"]}


def register(router: Router) -> None:
    for collection, viewset in {
        "clientes": ClienteViewSet,
        "usuarios": UsuarioViewSet,
        "beneficiarios": BeneficiarioViewSet,
        "contactos": ContactoViewSet,
        "direcciones": DireccionViewSet,
        "consentimientos": ConsentimientoViewSet,
        "servicios": ServicioViewSet,
    }.items():
        router.register(collection, viewset)
