"""The whole portfolio as it was at one moment, published at once."""

from ingestion.snapshots.manifest import Manifest, current

__all__ = ["Manifest", "current"]
