"""Who may do what: verb → models. Limits to a portfolio or an oficina are beside it, in core.rights."""

PORTFOLIO = (
    "especialidades.*",
    "agentes.*",
    "clientes.*",
    "polizas.*",
    "bienes.*",
    "siniestros.*",
    "empleados.*",
    "pedidos.*",
)
OF_CLIENTES = (
    "clientes.cliente",
    "clientes.contacto",
    "clientes.direccion",
    "clientes.consentimiento",
    "clientes.beneficiario",
    "clientes.serviciocontratado",
)
OF_POLIZAS = ("polizas.poliza", "polizas.cobertura", "polizas.beneficiariopoliza")
OF_CATALOGUE = ("polizas.aseguradora", "polizas.producto", "polizas.tipocobertura")
WRITTEN_BY_STAFF = (*OF_CLIENTES, "bienes.bien", "pedidos.pedido")

ROLES: dict[str, dict[str, tuple[str, ...]]] = {
    "Administración": {
        "*": (*PORTFOLIO, "core.*", "ingestion.*", "django_celery_beat.*", "auth.*"),
    },
    "Suscripción": {
        "view": PORTFOLIO,
        "add": (*WRITTEN_BY_STAFF, *OF_POLIZAS, *OF_CATALOGUE, "clientes.usuario"),
        "change": (*WRITTEN_BY_STAFF, *OF_POLIZAS, *OF_CATALOGUE, "clientes.usuario"),
        "delete": (*OF_POLIZAS, "clientes.contacto", "clientes.direccion", "bienes.bien"),
        "emitir": ("polizas.poliza",),
        "atender": ("pedidos.pedido",),
    },
    "Siniestros": {
        "view": PORTFOLIO,
        "add": ("siniestros.reclamo", "pedidos.pedido"),
        "change": ("siniestros.reclamo", "pedidos.pedido"),
        "resolver": ("siniestros.reclamo",),
        "pagar": ("siniestros.reclamo",),
        "atender": ("pedidos.pedido",),
    },
    "Cobros": {
        "view": PORTFOLIO,
        "add": ("pedidos.pedido",),
        "change": ("pedidos.pedido", "clientes.contacto", "clientes.direccion"),
        "cobrar": ("polizas.recibo",),
        "atender": ("pedidos.pedido",),
    },
    "Agente": {
        "view": (
            "especialidades.especialidad",
            "agentes.agente",
            "agentes.comision",
            *OF_CLIENTES,
            *OF_POLIZAS,
            *OF_CATALOGUE,
            "polizas.recibo",
            "polizas.cobro",
            "bienes.bien",
            "siniestros.reclamo",
            "siniestros.pago",
            "pedidos.pedido",
        ),
        "add": (*WRITTEN_BY_STAFF, *OF_POLIZAS, "siniestros.reclamo"),
        "change": (*WRITTEN_BY_STAFF, *OF_POLIZAS),
    },
    "Consulta": {"view": PORTFOLIO},
    "Integración": {
        "view": PORTFOLIO,
        "add": (*WRITTEN_BY_STAFF, *OF_POLIZAS, "clientes.usuario", "siniestros.reclamo"),
        "change": (*WRITTEN_BY_STAFF, *OF_POLIZAS, "clientes.usuario", "siniestros.reclamo"),
        "emitir": ("polizas.poliza",),
        "cobrar": ("polizas.recibo",),
        "resolver": ("siniestros.reclamo",),
        "pagar": ("siniestros.reclamo",),
        "atender": ("pedidos.pedido",),
    },
}
