from typing import Any

from django_mongodb_backend.schema import DatabaseSchemaEditor

from core.backends.mongodb.guards import validator


class SchemaEditor(DatabaseSchemaEditor):
    def create_model(self, model: Any) -> None:
        """As the backend does, with a validator; none of our models has an implicit table of its own."""
        self.get_database().create_collection(model._meta.db_table, validator=validator(model))
        self._create_model_indexes(model)
