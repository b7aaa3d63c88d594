"""The pages where people, and the programs that came before, list and register: one address for each entity."""

from core.pages.boxes import Column, Group
from core.pages.door import EntityPage
from core.pages.fields import NamedField
from core.pages.serializers import PageSerializer

__all__ = ["Column", "EntityPage", "Group", "NamedField", "PageSerializer"]
