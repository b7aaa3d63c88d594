"""The pages of the lake: jobs, snapshots and schedules."""

from ingestion.admin import jobs, schedules  # noqa: F401  (both register pages)
