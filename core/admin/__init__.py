"""What every page of the back office shares: declare, and delegate to the domain's verbs."""

from core.admin import accounts  # noqa: F401  (registers the pages of users and groups)
from core.admin.actions import confirmed
from core.admin.base import EntityAdmin, EntityInline
from core.admin.forms import EntityForm, StyledForm

__all__ = ["EntityAdmin", "EntityForm", "EntityInline", "StyledForm", "confirmed"]
