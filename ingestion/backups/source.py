"""The rows of a backup, or those of them that one asks for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from core.references import KEYS_A_QUERY
from ingestion.backups.manifest import Backup, key_of, table_name
from ingestion.backups.sealed import Seal
from ingestion.lake import Lake
from ingestion.schema import LakeTable

# Of each table, by path, the texts that one of some columns must hold: a table that is not here has no rows.
Selection = Mapping[str, Mapping[str, pa.Array]]


@dataclass(frozen=True)
class Source:
    """A backup that is read; where there is a `selection`, nothing else of it."""

    lake: Lake
    seal: Seal
    backup: Backup
    selection: Selection | None = None

    def batches(
        self, table: LakeTable, columns: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows that are asked for of a table, as many at a time as one query takes keys."""
        name = table_name(table.path)
        wanted = None if self.selection is None else self.selection.get(table.path, {})
        if wanted is not None and not wanted:
            return
        with self.lake.open(key_of(self.backup.id, name)) as file:
            for batch in self.seal.batches(file, name, KEYS_A_QUERY, columns):
                found = batch if wanted is None else batch.filter(_any_of(batch, wanted))
                if found.num_rows:
                    yield found


def _any_of(batch: pa.RecordBatch, wanted: Mapping[str, pa.Array]) -> pa.Array:
    found = [pc.is_in(batch.column(name), value_set=texts) for name, texts in wanted.items()]
    mask = found[0]
    for other in found[1:]:
        mask = pc.or_(mask, other)
    return mask
