"""The description of the API: for programs, and for who reads it. Signed in, as for the rest."""

from typing import Any

from django.contrib.auth.decorators import login_required
from drf_spectacular.views import (
    SpectacularAPIView,
    SpectacularRedocView,
    SpectacularSwaggerView,
)
from rest_framework.permissions import IsAuthenticated

from core.access import SignedIn, TokenSignIn
from core.api.errors import handle


class Schema(SpectacularAPIView):
    permission_classes = [IsAuthenticated]
    authentication_classes = [TokenSignIn, SignedIn]

    def get_exception_handler(self) -> Any:
        return handle


schema = Schema.as_view()
swagger = login_required(SpectacularSwaggerView.as_view(url_name="schema"))
redoc = login_required(SpectacularRedocView.as_view(url_name="schema"))
