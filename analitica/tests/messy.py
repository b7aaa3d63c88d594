"""Rows of every table with whatever a lake may hold that is not an error."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
STATES = ("Jalisco", "CDMX", "cdmx", " CDMX", "Ñuñoa", "Sonora 🌵", "NA", "null", 'La "Paz", BCS')
CITIES = (*STATES, "León\nde los Aldama", "Mérida\r\nYucatán", "\\N", "None", "Ámbar", "Zapopan")
BLANKS = ("  ", "\t", " \n ")
ROLES = ("USER", "AGENT", "ADMIN", "user")
STATUSES = ("pendiente", "en_revision", "aprobado", "rechazado", "pagado", "cerrado", "NA", "null")
FAMILY = ("HIJO", "CÓNYUGE", "Madre; padre", "NA", "'otro'")
NAMES = ("Ana", "José", "O'Higgins", "Núñez, hijo", "Ana María", "NA")
TYPES = ("VIDA", "SALUD", "AUTO", "HOGAR", "null", "Vida")
COVERAGES = tuple(f"Cobertura {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
SERVICES = ("polizas", "clientes", "pagos", "siniestros", "api", "API", "NA", "reportes, diarios")
# Few of them, so that sums tie and medians fall between two.
AMOUNTS = ("0", "-50.25", "99.99", "100", "100.00", "499.99", "500.0", "1000", "7300.10", "12.35")
LEAP_DAYS = ("2008-02-29", "2000-02-29", "1980-02-29", "1960-02-29", "2024-02-29", "1996-02-29")


class Messy:
    """Rows about as many as `rows` a table; the later tables refer to the earlier ones."""

    def __init__(self, rng: Random, rows: int, as_of: datetime, *, integers: bool = False) -> None:
        self.rng = rng
        self.rows = rows
        self.as_of = as_of
        self.integers = integers
        self.ids = 0

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        users = self.users()
        clients = self.clients([user["id"] for user in users])
        # Without an id of its own a client is known by the user's.
        customers = [client["user_id" if self.integers else "id"] for client in clients]
        customers = [customer for customer in customers if customer]
        agents, products = self.agents(), self.products()
        policies = self.policies(customers, agents, products)
        numbers = [policy["policy_number"] for policy in policies if policy["policy_number"]]
        return {
            "mysql/users": users,
            "mysql/clients": clients,
            "mysql/agents": agents,
            "mysql/beneficiaries": self.many(1, lambda: self.beneficiary(customers)),
            "postgresql/products": products,
            "postgresql/policies": policies,
            "postgresql/policy_coverage": self.many(2, lambda: self.coverage(policies)),
            "postgresql/beneficiaries": self.many(1, lambda: self.named(policies, customers)),
            "cassandra/reclamos": self.many(1, lambda: self.claim(numbers)),
            "cassandra/pagos": self.many(2, lambda: self.payment(customers, numbers)),
            "cassandra/transaction_audit": self.many(3, lambda: self.event(users)),
        }

    # Rows.

    def users(self) -> list[dict[str, Any]]:
        names = [f"usuario{number}" for number in range(max(1, self.rows * 2 // 3))]
        return self.many(1, lambda: self.user(self.rng.choice(names)))

    def user(self, name: str) -> dict[str, Any]:
        forms = (f"{name}@x.mx", f" {name}@X.mx", f"{name.upper()}@x.MX\t", f"{name}@x.mx")
        return {
            "id": self.id(),
            "username": self.text((name, name, name.title())),
            "email": self.text(forms),
            "role": self.text(ROLES),
            "phone": self.text(("0012", "12", "+52 33 1234", "33-1234", f"{self.ids:010}")),
            "state": self.text(STATES),
            "city": self.text(CITIES),
            "created_at": self.moment(),
        }

    def clients(self, users: list[str]) -> list[dict[str, Any]]:
        if not self.integers:
            return self.many(1, lambda: self.client(self.key(users)))
        # Their only key, so none has it twice; the last two have a user of no row, and none at all.
        mine = [*self.rng.sample(users, max(1, len(users) * 3 // 4)), self.id(), None]
        return [self.client(user) for user in mine]

    def client(self, user: str | None) -> dict[str, Any]:
        return {
            "id": self.id(),
            "user_id": user,
            "first_name": self.text(NAMES),
            "last_name": self.text(NAMES),
            "document_type": self.text(("INE", "PASAPORTE", "RFC", "ine")),
            "document_number": self.text(("007", "7")),
            "birth_date": self.birth(),
            "created_at": self.moment(),
        }

    def agents(self) -> list[dict[str, Any]]:
        return self.many(
            0.5,
            lambda: {
                "id": self.id(),
                "code": self.text([f"A{number:03}" for number in range(self.rows)]),
                "first_name": self.text(NAMES),
                "last_name": self.text(NAMES),
                "is_active": self.rng.choice(("true", "true", "false", "false", None)),
                "specialty": self.text(TYPES),
                "created_at": self.moment(),
            },
        )

    def beneficiary(self, customers: list[str]) -> dict[str, Any]:
        return {
            "id": self.id(),
            "client_id": self.key(customers),
            "relationship": self.text(FAMILY),
            "birth_date": self.birth(),
        }

    def products(self) -> list[dict[str, Any]]:
        return self.many(
            0.4,
            lambda: {
                "id": self.id(),
                "code": self.text(("007", "7", "P-1", "NA")),
                "name": self.text(("Vida, entera", 'Auto "amplio"', "Hogar\nseguro", "null")),
                "product_type": self.text(TYPES),
                "base_premium": self.amount(("99.995", "-0.01", "999.99", "1000.00")),
                "description": self.text(("x", "Cubre todo, o casi", "NA")),
            },
        )

    def policies(
        self, customers: list[str], agents: list[dict[str, Any]], products: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        digits = "{:05}" if self.integers else "POL-{:05}"
        numbers = [digits.format(number) for number in range(max(1, self.rows))]
        return self.many(
            1.5,
            lambda: {
                "id": self.id(),
                "policy_number": self.or_null(self.rng.choice(numbers)),
                "customer_id": self.key(customers),
                "agent_id": self.key([agent["id"] for agent in agents]),
                "premium": self.amount(AMOUNTS),
                "sum_insured": self.amount(("100000", "250000.50", "0.00")),
                "product_id": self.key([product["id"] for product in products]),
                "status": self.text(("vigente", "anulada", "vencida", "NA")),
                "start_date": self.near(),
                "end_date": self.near(),
                "created_at": self.moment(),
            },
        )

    def coverage(self, policies: list[dict[str, Any]]) -> dict[str, Any]:
        # A third of the policies have none.
        covered = [policy["id"] for policy in policies[: max(1, len(policies) * 2 // 3)]]
        return {
            "policy_id": self.key(covered),
            "coverage_name": self.text(COVERAGES),
            "coverage_limit": self.amount(("100000.00", "50000", "0.01")),
            "deductible": self.amount(("0", "1500", "0.005")),
        }

    def named(self, policies: list[dict[str, Any]], customers: list[str]) -> dict[str, Any]:
        return {
            "policy_id": self.key([policy["id"] for policy in policies]),
            "client_id": self.key(customers),
            "full_name": self.text(NAMES),
            "relationship": self.text(FAMILY),
        }

    def claim(self, numbers: list[str]) -> dict[str, Any]:
        return {
            "id": self.id(),
            "policy_number": self.or_null(self.rng.choice([*numbers, "POL-NADA", "000"])),
            "estado": self.text(STATUSES),
            "monto": self.amount(AMOUNTS),
            "fecha_reclamo": self.moment(),
        }

    def payment(self, customers: list[str], numbers: list[str]) -> dict[str, Any]:
        return {
            "id": self.id(),
            "customer_id": self.key(customers),
            "monto": self.amount(AMOUNTS),
            "metodo_pago": self.text(("tarjeta", "Tarjeta", "transferencia", "NA", "efectivo")),
            "fecha_pago": self.moment(),
            "tipo": self.text(("prima", "siniestro")),
            "policy_number": self.or_null(self.rng.choice([*numbers, "POL-NADA"])),
        }

    def event(self, users: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "timestamp": self.moment(),
            "servicio": self.text(SERVICES),
            "operacion": self.text(("alta", "baja", "cambio", "ALTA", "null")),
            "user_id": self.key([user["id"] for user in users]),
        }

    # Cells.

    def many(self, share: float, row: Callable[[], dict[str, Any]]) -> list[dict[str, Any]]:
        return [row() for _ in range(max(1, int(self.rows * share)))]

    def id(self) -> str:
        self.ids += 1
        if self.integers:
            return str(self.ids)
        return str(UUID(int=self.rng.getrandbits(128), version=4))

    def or_null(self, cell: str) -> str | None:
        return None if self.rng.random() < 0.07 else cell

    def key(self, keys: Sequence[str]) -> str | None:
        """Return one of `keys`, or that of no row, or none."""
        of_no_row = self.rng.random() < 0.07 or not keys
        return self.or_null(str(900_000 + self.rng.randrange(3)) if of_no_row else self.any(keys))

    def any(self, cells: Sequence[str]) -> str:
        """Return a cell, the first ones more often than the last."""
        return cells[int(len(cells) * self.rng.random() ** 1.5)]

    def text(self, cells: Sequence[str]) -> str | None:
        blank = self.rng.random() < 0.05
        return self.or_null(self.rng.choice(BLANKS) if blank else self.rng.choice(cells))

    def amount(self, cells: Sequence[str]) -> str | None:
        odd = f"{self.rng.randrange(-500, 200_000) / 100:.2f}"
        return self.or_null(odd if self.rng.random() < 0.3 else self.rng.choice(cells))

    def near(self) -> str | None:
        """Return a day around that of `as_of`, often one at which something ends."""
        days = self.rng.choice((-400, -31, -1, 0, 1, 29, 30, 31, 365, self.rng.randrange(-90, 90)))
        return self.or_null(f"{self.as_of + days * DAY:%Y-%m-%d}")

    def birth(self) -> str | None:
        """Return the day of a birth, often one that a careless count of years gets wrong."""
        today = f"{self.as_of:%m-%d}"
        years = self.as_of.year - self.rng.choice((0, 17, 18, 26, 36, 46, 56, 66, 101))
        odd = self.as_of - self.rng.randrange(36_000) * DAY
        edges = (f"{years}-{today}", f"{years}-03-01", f"{odd:%Y-%m-%d}", f"{odd:%Y-%m-%d}")
        future = f"{self.as_of + DAY:%Y-%m-%d}"
        return self.or_null(self.rng.choice((*LEAP_DAYS, *edges, *edges, future)))

    def moment(self) -> str | None:
        """Return a timestamp in one of its forms, often one at the end of a window."""
        rng, first = self.rng, self.as_of.replace(day=1, hour=0, minute=0)
        spans = (0, 1, 7, 10, 30)
        edges = [self.as_of - days * DAY for days in spans]
        edges += [edge + rng.choice((-1, 1)) * SECOND / 2 for edge in edges]
        edges += [first, first - SECOND, first.replace(year=first.year - 1), self.as_of + 5 * DAY]
        odd = self.as_of - rng.randrange(-40 * 86_400, 900 * 86_400) * SECOND
        return self.or_null(self.written(rng.choice((odd, odd, odd, rng.choice(edges)))))

    def written(self, moment: datetime) -> str:
        form = self.rng.choice(("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"))
        if form == "%Y-%m-%d" and self.rng.random() < 0.8:
            form = "%Y-%m-%dT%H:%M:%S"
        if form == "%Y-%m-%d":
            return f"{moment:{form}}"
        fraction = f"{moment:.%f}"
        if not moment.microsecond:
            fraction = self.rng.choice(("", "", fraction, fraction[:4]))
        elif moment.microsecond % 100_000 == 0:
            fraction = self.rng.choice((fraction, fraction[:4], fraction[:2]))
        return f"{moment:{form}}{fraction}{self.rng.choice(('Z', '+00:00', ''))}"
