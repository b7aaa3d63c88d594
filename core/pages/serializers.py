"""What a page registers: judged as the API judges it, with references by name besides."""

from collections.abc import Mapping
from typing import Any, ClassVar

from core.api.serializers import EntitySerializer
from core.pages.fields import NamedField


class PageSerializer(EntitySerializer):
    """Mix it in before the serializer of the API; `named` says which references people name, and how."""

    named: ClassVar[Mapping[str, type[NamedField]]] = {}

    def build_relational_field(self, field_name: str, relation_info: Any) -> Any:
        field, options = super().build_relational_field(field_name, relation_info)
        return self.named.get(field_name, field), options
