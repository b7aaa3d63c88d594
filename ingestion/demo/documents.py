"""Numbers of identity documents that their countries would accept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from stdnum.ar import cuit
from stdnum.cl import rut
from stdnum.co import nit
from stdnum.es import cif
from stdnum.es import dni as es_dni
from stdnum.mx import curp
from stdnum.pe import ruc

from clientes.models import Sexo
from core.documentos import TipoDocumento as T
from core.text import normalizar
from ingestion.demo.people import Persona

# The federal entities that a CURP may name.
ENTIDADES = ("DF", "JC", "YN", "GT", "NL", "PL", "VZ", "OC")
PROVINCIAS_EC = (1, 9, 17)
PESOS_RUC_EC = (4, 3, 2, 7, 6, 5, 4, 3, 2)
VOCALES = frozenset("AEIOU")


@dataclass(frozen=True)
class Documento:
    tipo: T
    pais: str
    numero: str


def de_persona(chance: Random, pais: str, persona: Persona) -> Documento:
    tipo, numero = PERSONAS[pais]
    return Documento(tipo, pais, numero(chance, persona))


def de_empresa(chance: Random, pais: str, razon_social: str) -> Documento:
    tipo, numero = EMPRESAS[pais]
    return Documento(tipo, pais, numero(chance, razon_social))


def cifras(chance: Random, cuantas: int) -> str:
    return f"{int(chance.random() * 10**cuantas):0{cuantas}}"


# Persons.


def _dni_pe(chance: Random, persona: Persona) -> str:
    return str(int(6_000_000 + chance.random() * 70_000_000)).zfill(8)


def _dni_es(chance: Random, persona: Persona) -> str:
    numero = cifras(chance, 8)
    return numero + es_dni.calc_check_digit(numero)


def _curp(chance: Random, persona: Persona) -> str:
    paterno, materno, nombre = (
        normalizar(nombre).upper() for nombre in (persona.paterno, persona.materno, persona.nombres)
    )
    vocal = next((letra for letra in paterno[1:] if letra in VOCALES), "X")
    sexo = "M" if persona.sexo == Sexo.MUJER else "H"
    entidad = ENTIDADES[int(chance.random() * len(ENTIDADES))]
    internas = "".join(map(_consonante, (paterno, materno, nombre)))
    # The seventeenth sign tells the century: a figure before 2000, a letter from then on.
    homoclave = str(int(chance.random() * 10)) if persona.nacimiento.year < 2000 else "A"
    resto = f"{persona.nacimiento:%y%m%d}{sexo}{entidad}{internas}{homoclave}"
    numero = f"{paterno[0]}{vocal}{materno[0]}{nombre[0]}{resto}"
    numero += curp.calc_check_digit(numero)
    if curp.is_valid(numero):
        return numero
    # Four letters that make a rude word: an X takes the place of the second.
    return _con_digito(f"{paterno[0]}X{materno[0]}{nombre[0]}{resto}", curp.calc_check_digit)


def _consonante(nombre: str) -> str:
    return next((letra for letra in nombre[1:] if letra not in VOCALES), "X")


def _cc(chance: Random, persona: Persona) -> str:
    return str(int(1_000_000_000 + chance.random() * 200_000_000))


def _ci_cl(chance: Random, persona: Persona) -> str:
    return _con_digito(str(int(5_000_000 + chance.random() * 20_000_000)), rut.calc_check_digit)


def _dni_ar(chance: Random, persona: Persona) -> str:
    return str(int(10_000_000 + chance.random() * 40_000_000))


def _ci_ec(chance: Random, persona: Persona) -> str:
    numero = f"{_provincia_ec(chance):02}{int(chance.random() * 6)}{cifras(chance, 6)}"
    suma = sum(_de_dos(2 * int(c)) if n % 2 == 0 else int(c) for n, c in enumerate(numero))
    return numero + str(-suma % 10)


def _provincia_ec(chance: Random) -> int:
    return PROVINCIAS_EC[int(chance.random() * len(PROVINCIAS_EC))]


def _de_dos(producto: int) -> int:
    return producto - 9 if producto > 9 else producto


# Companies.


def _ruc_pe(chance: Random, razon_social: str) -> str:
    return _con_digito("20" + cifras(chance, 8), ruc.calc_check_digit)


def _cif(chance: Random, razon_social: str) -> str:
    numero = "B" + cifras(chance, 7)
    return numero + cif.calc_check_digits(numero)[0]


def _rfc(chance: Random, razon_social: str) -> str:
    letras = "".join(c for c in normalizar(razon_social).upper() if "A" <= c <= "Z")[:3]
    dia = date.fromordinal(int(date(2000, 1, 1).toordinal() + chance.random() * 7300))
    return f"{letras}{dia:%y%m%d}{cifras(chance, 3)}"


def _nit(chance: Random, razon_social: str) -> str:
    return _con_digito("9" + cifras(chance, 8), nit.calc_check_digit)


def _rut_cl(chance: Random, razon_social: str) -> str:
    return _con_digito("7" + cifras(chance, 7), rut.calc_check_digit)


def _cuit(chance: Random, razon_social: str) -> str:
    return _con_digito("30" + cifras(chance, 8), cuit.calc_check_digit)


def _ruc_ec(chance: Random, razon_social: str) -> str:
    while True:
        numero = f"{_provincia_ec(chance):02}9{cifras(chance, 6)}"
        resto = -sum(p * int(c) for p, c in zip(PESOS_RUC_EC, numero, strict=True)) % 11
        if resto < 10:  # of one number in eleven the figure would be a ten: nobody has those
            return f"{numero}{resto}001"


def _con_digito(numero: str, digito: Callable[[str], str]) -> str:
    return numero + digito(numero)


PERSONAS: dict[str, tuple[T, Callable[[Random, Persona], str]]] = {
    "PE": (T.DNI, _dni_pe),
    "ES": (T.DNI, _dni_es),
    "MX": (T.CURP, _curp),
    "CO": (T.CC, _cc),
    "CL": (T.CI, _ci_cl),
    "AR": (T.DNI, _dni_ar),
    "EC": (T.CI, _ci_ec),
}
EMPRESAS: dict[str, tuple[T, Callable[[Random, str], str]]] = {
    "PE": (T.RUC, _ruc_pe),
    "ES": (T.CIF, _cif),
    "MX": (T.RFC, _rfc),
    "CO": (T.NIT, _nit),
    "CL": (T.RUT, _rut_cl),
    "AR": (T.CUIT, _cuit),
    "EC": (T.RUC, _ruc_ec),
}
