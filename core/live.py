"""Whether this process serves: for who starts it again where it doesn't."""

from django.http import HttpRequest, HttpResponse


def live(request: HttpRequest) -> HttpResponse:
    """Answers anyone: this process serves."""
    return HttpResponse("ok", content_type="text/plain")
