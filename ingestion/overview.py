"""What the lake has to say at home."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.overview import News, Notice
from ingestion.models import Job

ASKED = 50


def last_snapshot() -> News:
    """Tell when the last snapshot was finished, and how many tries have failed since then."""
    exports = Job.objects.filter(kind=Job.Kind.EXPORTACION).exclude(estado__in=Job.ABIERTOS)
    failed = 0
    for job in exports.order_by("-creado")[:ASKED]:
        if job.estado == Job.Estado.TERMINADO and job.terminado:
            return News(
                date_format(localtime(job.terminado), "SHORT_DATETIME_FORMAT"),
                _failures(failed),
                tone="danger" if failed else "",
            )
        failed += job.estado == Job.Estado.FALLIDO
    return News(_("Ninguno todavía"), _failures(failed), tone="danger" if failed else "warning")


def _failures(failed: int) -> str:
    if not failed:
        return ""
    told = ngettext(
        "%(count)d intento fallido después", "%(count)d intentos fallidos después", failed
    )
    return told % {"count": failed}


NOTICES = [
    Notice(
        gettext_lazy("Lago de datos"),
        gettext_lazy("Último snapshot"),
        "ingestion.Job",
        last_snapshot,
        icon="conveyor_belt",
        query="kind__exact=exportacion",
        order=60,
    )
]
