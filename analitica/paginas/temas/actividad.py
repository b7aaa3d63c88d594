"""What is done in the house, and what its data lack."""

from django.utils.translation import gettext_lazy as _

from analitica.paginas.declarations import Cifra, Columna, Form, Grafico, Kind, Tema, Text, counted
from analitica.paginas.names import DAYS, HOURS

PATTERNS = "/cassandra/analytics/activity-patterns"
AUDIT = "/cassandra/analytics/transaction-audit"
QUALITY = "/mysql/analytics/data-quality-report"

ACTIVIDAD = Tema(
    "actividad",
    _("Actividad"),
    _("Qué se hace en la casa, a qué horas y qué días."),
    "schedule",
    [
        Cifra(_("Operaciones en el plazo"), PATTERNS, "total_events"),
        Cifra(_("Por hora, de media"), PATTERNS, "hourly_average", Form.NUMBER),
        Cifra(_("Hora de más trabajo (UTC)"), PATTERNS, "peak_hour", Form.HOUR),
        Cifra(_("Operaciones de siempre"), AUDIT, "total_transactions"),
        Cifra(_("Cuentas distintas"), AUDIT, "unique_users"),
    ],
    [
        Grafico(
            "por-hora", _("Por hora del día"), PATTERNS, "events_by_hour_of_day", Kind.BARS,
            _("Hora"), counted(_("Operaciones")), HOURS, note=_("Las horas son UTC."),
        ),
        Grafico(
            "por-dia", _("Por día de la semana"), PATTERNS, "events_by_day_of_week", Kind.BARS,
            _("Día"), counted(_("Operaciones")), DAYS, note=_("Los días son UTC."),
        ),
        Grafico(
            "por-servicio", _("Por servicio"), PATTERNS, "events_by_service", Kind.DOUGHNUT,
            _("Servicio"), counted(_("Operaciones")),
        ),
        Grafico(
            "por-operacion", _("Por operación"), AUDIT, "transactions_by_operation", Kind.ROWS,
            _("Operación"), counted(_("Operaciones")), note=_("Desde siempre."),
        ),
        Grafico(
            "cuentas", _("Cuentas con más operaciones"), AUDIT, "top_users", Kind.ROWS,
            _("Cuenta"), [Columna(_("Operaciones"), "transactions")], named_by=("user_id",),
            note=_("Desde siempre."),
        ),
    ],
)  # fmt: skip


def _missing(slug: str, title: Text, table: str) -> Grafico:
    return Grafico(
        slug,
        title,
        QUALITY,
        f"tables.{table}.columns",
        Kind.ROWS,
        _("Columna"),
        [
            Columna(_("Falta en"), "missing_rate", Form.PERCENT),
            Columna(_("Filas donde falta"), "missing"),
            Columna(_("Valores distintos"), "distinct"),
        ],
    )


CALIDAD = Tema(
    "calidad",
    _("Calidad de los datos"),
    _("Lo que falta y lo que está repetido en los datos de las personas."),
    "fact_check",
    [
        Cifra(_("Completos"), QUALITY, "completeness_score", Form.PERCENT),
        Cifra(_("Correos repetidos"), QUALITY, "duplicates.emails"),
        Cifra(_("Nombres de usuario repetidos"), QUALITY, "duplicates.usernames"),
        Cifra(_("Códigos de agente repetidos"), QUALITY, "duplicates.agent_codes"),
        Cifra(_("Clientes sin usuario"), QUALITY, "referential_integrity.clients_without_user"),
        Cifra(_("Beneficiarios sin cliente"), QUALITY, "referential_integrity.beneficiaries_without_client"),
    ],
    [
        _missing("usuarios", _("Usuarios"), "users"),
        _missing("clientes", _("Clientes"), "clients"),
        _missing("agentes", _("Agentes"), "agents"),
        _missing("beneficiarios", _("Beneficiarios"), "beneficiaries"),
    ],
)  # fmt: skip
