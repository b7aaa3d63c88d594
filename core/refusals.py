"""What is refused anywhere in a request, told as a page instead of thrown."""

import sys
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.defaults import page_not_found, server_error

from core.lookups import TooManyKeys
from core.outages import StoreBusy, StoreDown

log = structlog.get_logger()

PASSING = (StoreDown, StoreBusy)


class RefusalsTold:
    """Says so where a question leads to more than is carried from a store to another, or to one that is down."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, refusal: Exception) -> HttpResponse | None:
        if isinstance(refusal, TooManyKeys):
            return render(request, "400.html", {"reason": " ".join(refusal.messages)}, status=400)
        return unavailable(refusal) if isinstance(refusal, PASSING) else None


def failed(request: HttpRequest) -> HttpResponse:
    """Answer what nobody caught: also what the other middleware asked of a store that is down."""
    failure = sys.exc_info()[1]
    return unavailable(failure) if isinstance(failure, PASSING) else server_error(request)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that there is not: with a page in a browser, else in JSON."""
    if "text/html" in request.headers.get("Accept", ""):
        return page_not_found(request, exception)
    return JsonResponse({"detail": "Not Found"}, status=404)


def unavailable(failure: Exception) -> HttpResponse:
    log.warning("store_unavailable", error=str(failure))
    # Without the request: what is around a page may ask the store that is down.
    return render(None, "503.html", {"reason": str(failure)}, status=503)
