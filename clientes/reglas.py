"""What is true of dates, with the day passed in."""

from datetime import date

MAYORIA_DE_EDAD = 18


def edad(nacimiento: date, dia: date) -> int | None:
    """Return the years completed on `dia`: none before birth; 29 February falls on 1 March."""
    if dia < nacimiento:
        return None
    before_birthday = (dia.month, dia.day) < (nacimiento.month, nacimiento.day)
    return dia.year - nacimiento.year - before_birthday


def es_menor(nacimiento: date | None, dia: date) -> bool:
    """Whether somebody is known to be under age on `dia`."""
    years = edad(nacimiento, dia) if nacimiento else None
    return years is not None and years < MAYORIA_DE_EDAD
