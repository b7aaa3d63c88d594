"""One function an endpoint, by the database that it is about."""

from analitica.endpoints import ENDPOINTS
from analitica.metrics import cassandra, cross, journey, mysql, postgresql

__all__ = ["ENDPOINTS", "cassandra", "cross", "journey", "mysql", "postgresql"]
