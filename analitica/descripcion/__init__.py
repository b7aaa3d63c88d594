"""How the analytics describe themselves: OpenAPI 3.1, and the pages that show it."""
