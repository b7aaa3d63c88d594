"""What is known of a cliente beside their seguros, and how they are found."""

from core.overview import Finder, Section

SECTIONS = [
    Section(
        "clientes.Contacto",
        of=("cliente",),
        columns=("tipo", "valor", "nota"),
        order=70,
    ),
    Section(
        "clientes.Direccion",
        of=("cliente",),
        columns=("tipo", "linea", "ciudad", "provincia", "codigo_postal", "pais"),
        order=71,
    ),
    Section(
        "clientes.Beneficiario",
        of=("cliente",),
        columns=("nombre_completo", "parentesco", "documento", "nacimiento", "menor"),
        add="cliente",
        order=72,
    ),
    Section(
        "clientes.Consentimiento",
        of=("cliente",),
        columns=("finalidad", "otorgado", "fecha", "medio", "retirado"),
        newest=("-fecha", "-id"),
        add="cliente",
        order=73,
    ),
    Section(
        "clientes.ServicioContratado",
        of=("cliente",),
        columns=("descripcion", "fecha"),
        newest=("-fecha", "-id"),
        add="cliente",
        order=74,
    ),
]

FINDERS = [
    Finder(
        "clientes.Cliente",
        icon="group",
        order=10,
        exact=("numero_documento", "nombre_sky"),
        detail=("documento", "telefono", "email"),
    ),
    Finder(
        "clientes.Contacto",
        icon="contact_phone",
        order=11,
        detail=("cliente", "nota"),
        related=("cliente",),
        to="cliente",
    ),
    Finder(
        "clientes.Beneficiario",
        icon="family_restroom",
        order=60,
        exact=("numero_documento",),
        detail=("parentesco", "cliente", "documento"),
        related=("cliente",),
    ),
    Finder(
        "clientes.Usuario",
        icon="how_to_reg",
        order=80,
        exact=("username",),
        detail=("email", "telefono"),
    ),
]
