"""Whether this process may be given work: for who spreads it, and who is called when it can't."""

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.access import InterfaceAccess
from reportes.salud import salud


class Ready(APIView):
    """Names each part that doesn't answer; 503 when any of them doesn't."""

    interface = "ingestion"
    permission_classes = [InterfaceAccess]
    http_method_names = ["get", "head", "options"]
    schema = None

    def get(self, request: Request) -> Response:
        parts = salud()
        ready = all(part.ok for part in parts)
        return Response(
            {
                "status": "ok" if ready else "error",
                "timestamp": timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
                "services": {
                    part.name: {
                        "status": part.status,
                        "detail": str(part.detail),
                        "latency_ms": part.latency_ms,
                    }
                    for part in parts
                },
            },
            status=200 if ready else 503,
        )
