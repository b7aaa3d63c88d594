"""What every page of the back office shares: declare, and delegate to the domain's verbs."""

from core.admin import accounts, groups, tokens, tries  # noqa: F401  (they register their pages)
from core.admin.actions import confirmed
from core.admin.base import EntityAdmin, EntityInline
from core.admin.forms import EntityForm, StyledForm

__all__ = ["EntityAdmin", "EntityForm", "EntityInline", "StyledForm", "confirmed"]
