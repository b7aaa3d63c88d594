"""What every view of the API is: JSON or a page, its refusals in sentences."""

from typing import Any

from rest_framework.views import APIView

from core.api.errors import handle
from core.api.negotiation import JSONBody, Negotiation
from core.api.renderers import JSON, Browsable
from core.api.schema import DoorSchema


class Door(APIView):
    """Name it first among the bases of a view."""

    parser_classes = (JSONBody,)
    renderer_classes = (JSON, Browsable)
    content_negotiation_class = Negotiation
    schema: Any = DoorSchema()

    def get_exception_handler(self) -> Any:
        return handle
