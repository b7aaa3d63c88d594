"""What the services alone answer where no door of theirs does: JSON, also to a browser."""

import sys

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from core.refusals import PASSING


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    return JsonResponse({"error": _("No existe esta dirección.")}, status=404)


def failed(request: HttpRequest) -> JsonResponse:
    failure = sys.exc_info()[1]
    if isinstance(failure, PASSING):
        return JsonResponse({"error": str(failure)}, status=503)
    return JsonResponse({"error": _("Algo ha fallado.")}, status=500)
