"""Made-up files with the columns of the InsuranceLake ones, and what the stores hold of them."""

import csv
from pathlib import Path
from typing import Any

from django.core.management import call_command

from ingestion.portfolio.kinds import KINDS

POLIZA = {
    "policyid": "1001",
    "customerno": "501",
    "policyquotationdate": "2022-09-03",
    "policyeffectivedate": "2022/11/28",
    "policyterminationdate": "2037-11-28",
    "sex": "M",
    "firstname": "Lance",
    "lastname": "Jones",
    "customerdob": "1964/05/02",
    "issuestate": "ND",
    "city": "Fargo",
    "smokingclass": "S",
    "uwclass": "2",
    "prodcode": "A0001",
    "yearlypremium": "134",
    "policystatus": "A",
    "policyterminationreason": "",
    "sumassured": "96000",
    "nationalid": "648-28-2059",
    "maritalstatus": "single",
    "emailid": "nmorales@hotmail.com",
    "phoneno": "850-535-8715",
    "producer": "P1",
    "beneficiaryname": "Chad Nicholson",
    "beneficiaryrelationship": "Spouse",
    "beneficiarypct": "100",
    "premiumpaidtilldate": "12.84",
}
RECLAMO = {
    "claimno": "9001",
    "policyid": "1001",
    "claimsreporteddate": "02/03/2023",
    "claimstatus": "R",
    "adjudicationdescription": "",
    "claimamount": "96000",
    "paidamount": "",
    "paymentdate": "",
    "beneficiaryname": "Chad Nicholson",
    "checkno": "",
}


def poliza(number: int = 1001, **changes: str) -> dict[str, str]:
    return POLIZA | {"policyid": str(number)} | changes


def reclamo(number: int = 9001, **changes: str) -> dict[str, str]:
    return RECLAMO | {"claimno": str(number)} | changes


def pagado(number: int = 9001, **changes: str) -> dict[str, str]:
    paid = {"claimstatus": "P", "paidamount": "96000", "paymentdate": "03/04/2023", "checkno": "77"}
    return reclamo(number, **paid | changes)


class Portfolio:
    """Writes the two files and imports them as a person would."""

    def __init__(self, folder: Path, capsys: Any) -> None:
        self.folder, self.capsys = folder, capsys
        self.report = folder / "informe.csv"
        self.options: list[str] = []

    def files(
        self, polizas: list[dict[str, str]], reclamos: list[dict[str, str]] | None = None
    ) -> None:
        self.options = ["--polizas", str(self.write("polizas.csv", polizas))]
        if reclamos is not None:
            self.options += ["--reclamos", str(self.write("reclamos.csv", reclamos))]

    def write(self, name: str, rows: list[dict[str, str]]) -> Path:
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return path

    def run(self, *options: str, mapping: str = "insurancelake_vida") -> str:
        """Import what was written last; return what the command said."""
        self.report.unlink(missing_ok=True)
        self.capsys.readouterr()
        call_command(
            "import_portfolio",
            *self.options,
            "--mapping",
            mapping,
            "--report",
            self.report,
            *options,
        )
        return str(self.capsys.readouterr().out)

    def found(self) -> list[dict[str, str]]:
        """Return the lines of the report."""
        if not self.report.exists():
            return []
        with self.report.open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))


def contents() -> dict[str, dict[Any, Any]]:
    """Return every row of every kind, without the moment in which it was written."""
    return {
        kind.name: {
            row["id"]: {name: value for name, value in row.items() if name != "modificado"}
            for row in kind.model._base_manager.values()
        }
        for kind in KINDS.values()
    }


def histories() -> dict[str, int]:
    """Return how many changes of each kind were recorded."""
    return {kind.name: kind.model.history.count() for kind in KINDS.values()}  # type: ignore[attr-defined]
