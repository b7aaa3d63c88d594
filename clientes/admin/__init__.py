"""The pages of clientes, of those who registered, and of what a cliente has."""

from clientes.admin import cliente, partes, usuario  # noqa: F401  (each registers its pages)
