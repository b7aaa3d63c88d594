"""Users, clients, the way from one to the other, and agents."""

from django.utils.translation import gettext_lazy as _

from analitica.paginas.declarations import Cifra, Columna, Cruce, Form, Grafico, Kind, Tema, counted
from analitica.paginas.names import AGES, MONTHS, POLICIES, ROLES, STEPS

USERS = "/mysql/analytics/users"
GROWTH = "/mysql/analytics/growth-by-state"
DEMOGRAPHICS = "/mysql/analytics/clients/demographics"
BENEFICIARIES = "/mysql/analytics/beneficiaries/relationships"
PROFILE = "/cross/analytics/customer-policy-profile"
JOURNEY = "/cross/analytics/customer-journey"
RATES = "conversion_funnel.conversion_rates"
AGENTS = "/mysql/analytics/agents/performance"
SELLING = "/cross/analytics/agent-performance"

PREMIUM = Columna(_("Prima"), "premium_sum", Form.MONEY, drawn=True)

USUARIOS = Tema(
    "usuarios",
    _("Usuarios"),
    _("Quién se ha registrado: por rol, estado, ciudad y mes."),
    "how_to_reg",
    [
        Cifra(_("Usuarios"), USERS, "total_users"),
        Cifra(_("Altas en 30 días"), USERS, "recent_registrations"),
        Cifra(_("Sin correo"), USERS, "data_quality.missing_emails"),
        Cifra(_("Sin teléfono"), USERS, "data_quality.missing_phones"),
        Cifra(_("Correos repetidos"), USERS, "data_quality.duplicate_emails"),
    ],
    [
        Grafico(
            "altas", _("Altas por mes"), USERS, "monthly_registrations", Kind.LINE, _("Mes"),
            counted(_("Usuarios")), MONTHS, note=_("Los últimos 12 meses."),
        ),
        Grafico(
            "por-rol", _("Usuarios por rol"), USERS, "users_by_role", Kind.DOUGHNUT, _("Rol"),
            counted(_("Usuarios")), ROLES,
        ),
        Grafico(
            "por-estado", _("Usuarios por estado"), USERS, "users_by_state", Kind.ROWS,
            _("Estado"), counted(_("Usuarios")),
        ),
        Grafico(
            "por-ciudad", _("Ciudades con más usuarios"), USERS, "top_cities", Kind.ROWS,
            _("Ciudad"), counted(_("Usuarios")),
        ),
    ],
)  # fmt: skip

CRECIMIENTO = Tema(
    "crecimiento",
    _("Crecimiento por estado"),
    _("Dónde crece la casa: usuarios nuevos de cada estado sobre los que ya había."),
    "trending_up",
    [],
    [
        Cruce(
            "por-mes", _("Usuarios nuevos por mes"), GROWTH, "growth_by_state", Kind.LINE,
            _("Mes"), counted(_("Los demás")), MONTHS, inner="monthly",
            note=_("Los estados con más usuarios nuevos, y los demás juntos."),
        ),
        Grafico(
            "por-estado", _("Usuarios nuevos por estado"), GROWTH, "growth_by_state", Kind.ROWS,
            _("Estado"),
            [
                Columna(_("Nuevos"), "new"),
                Columna(_("Usuarios"), "total"),
                Columna(_("Crecimiento"), "growth_rate", Form.PERCENT),
            ],
        ),
    ],
)  # fmt: skip

CLIENTES = Tema(
    "clientes",
    _("Clientes"),
    _("Edades, documentos, beneficiarios, y las pólizas y la prima de cada quien."),
    "group",
    [
        Cifra(_("Clientes"), PROFILE, "total_customers"),
        Cifra(_("Con póliza"), PROFILE, "customers_with_policies"),
        Cifra(_("Pólizas por cliente"), PROFILE, "policies_per_customer.average", Form.NUMBER),
        Cifra(_("Edad media"), DEMOGRAPHICS, "age_statistics.average", Form.NUMBER),
        Cifra(_("Beneficiarios"), BENEFICIARIES, "total_beneficiaries"),
        Cifra(_("Beneficiarios menores"), BENEFICIARIES, "minors"),
    ],
    [
        Grafico(
            "por-edad", _("Clientes por edad"), DEMOGRAPHICS, "age_groups", Kind.BARS, _("Edad"),
            counted(_("Clientes")), AGES,
        ),
        Grafico(
            "por-documento", _("Clientes por documento"), DEMOGRAPHICS, "document_types",
            Kind.DOUGHNUT, _("Documento"), counted(_("Clientes")),
        ),
        Grafico(
            "polizas-por-cliente", _("Cuántas pólizas tienen"), PROFILE,
            "policies_per_customer.distribution", Kind.BARS, _("Pólizas"),
            counted(_("Clientes")), POLICIES,
        ),
        Grafico(
            "prima-por-edad", _("Prima por edad"), PROFILE, "by_age_group", Kind.BARS, _("Edad"),
            [Columna(_("Clientes con póliza"), "customers"), PREMIUM], AGES,
        ),
        Grafico(
            "prima-por-estado", _("Prima por estado"), PROFILE, "by_state", Kind.ROWS, _("Estado"),
            [
                Columna(_("Clientes con póliza"), "customers"),
                Columna(_("Pólizas"), "policies"),
                PREMIUM,
            ],
        ),
        Grafico(
            "de-mas-prima", _("Clientes de más prima"), PROFILE, "top_customers", Kind.ROWS,
            _("Cliente"), [Columna(_("Pólizas"), "policies"), PREMIUM],
            named_by=("name", "customer_id"), model="clientes.cliente", key="customer_id",
        ),
        Grafico(
            "beneficiarios", _("Beneficiarios por parentesco"), BENEFICIARIES, "relationships",
            Kind.DOUGHNUT, _("Parentesco"), counted(_("Beneficiarios")),
        ),
    ],
)  # fmt: skip

RECORRIDO = Tema(
    "recorrido",
    _("De usuario a asegurado"),
    _("Cuántos usuarios llegan a cliente y a tener póliza, en cuánto tiempo y dónde."),
    "route",
    [
        Cifra(_("De usuario a cliente"), JOURNEY, f"{RATES}.user_to_client", Form.PERCENT),
        Cifra(_("De cliente a póliza"), JOURNEY, f"{RATES}.client_to_policy", Form.PERCENT),
        Cifra(_("De usuario a póliza"), JOURNEY, f"{RATES}.overall_conversion", Form.PERCENT),
        Cifra(_("Días de usuario a cliente"), JOURNEY, "journey_timing.avg_days_user_to_client", Form.NUMBER),
        Cifra(_("Días de cliente a póliza"), JOURNEY, "journey_timing.avg_days_client_to_policy", Form.NUMBER),
        Cifra(_("Asegurados con pagos"), JOURNEY, "after_sale.customers_with_payments"),
        Cifra(_("Asegurados con reclamos"), JOURNEY, "after_sale.customers_with_claims"),
    ],
    [
        Grafico(
            "embudo", _("Los pasos"), JOURNEY, "conversion_funnel", Kind.BARS, _("Paso"),
            counted(_("Personas")), STEPS,
            only=("total_users", "users_to_clients", "clients_to_policyholders"),
        ),
        Grafico(
            "por-estado", _("Quién llega, por estado"), JOURNEY, "customer_segments.by_state",
            Kind.ROWS, _("Estado"),
            [
                Columna(_("Usuarios"), "total_users", drawn=True),
                Columna(_("Con póliza"), "with_policies", drawn=True),
                Columna(_("Conversión"), "conversion_rate", Form.PERCENT),
            ],
        ),
    ],
)  # fmt: skip

AGENTES = Tema(
    "agentes",
    _("Agentes"),
    _("Cuántos hay, qué venden y qué parte de la prima llevan."),
    "support_agent",
    [
        Cifra(_("Agentes"), AGENTS, "total_agents"),
        Cifra(_("Activos"), AGENTS, "active_rate", Form.PERCENT),
        Cifra(_("Con pólizas"), SELLING, "agents_with_policies"),
        Cifra(_("Inactivos con pólizas"), SELLING, "inactive_agents_with_policies"),
        Cifra(_("Pólizas sin agente"), SELLING, "policies_without_agent"),
        Cifra(_("Prima de los 10 primeros"), SELLING, "premium_share_top_10", Form.PERCENT),
    ],
    [
        Grafico(
            "de-mas-prima", _("Agentes de más prima"), SELLING, "top_agents", Kind.ROWS, _("Agente"),
            [
                Columna(_("Código"), "code", Form.TEXT),
                Columna(_("Activo"), "is_active", Form.FLAG),
                Columna(_("Pólizas"), "policies"),
                Columna(_("Clientes"), "customers"),
                PREMIUM,
                Columna(_("Prima media"), "premium_mean", Form.MONEY),
            ],
            named_by=("name", "code", "agent_id"), note=_("Los 20 primeros."),
            model="agentes.agente", key="agent_id",
        ),
        Grafico(
            "por-especialidad", _("Agentes por especialidad"), AGENTS, "agents_by_specialty",
            Kind.DOUGHNUT, _("Especialidad"), counted(_("Agentes")),
        ),
        Grafico(
            "altas", _("Altas por mes"), AGENTS, "monthly_hires", Kind.BARS, _("Mes"),
            counted(_("Agentes")), MONTHS, note=_("Los últimos 12 meses."),
        ),
    ],
)  # fmt: skip
