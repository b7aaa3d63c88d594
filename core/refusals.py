"""What is refused anywhere in a request, told as a page instead of thrown."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.references import TooManyKeys


class BoundTold:
    """Says so where a portfolio, or a question, leads to more rows of another store than are carried over."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, refusal: Exception) -> HttpResponse | None:
        if not isinstance(refusal, TooManyKeys):
            return None
        return render(request, "400.html", {"reason": " ".join(refusal.messages)}, status=400)
