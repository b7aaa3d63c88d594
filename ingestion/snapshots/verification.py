"""Read a snapshot again, as a job."""

from ingestion.jobs import JobFailed, Running
from ingestion.lake import lake
from ingestion.snapshots.integrity import REFERENCES, verify
from ingestion.snapshots.manifest import load


def verification(running: Running) -> None:
    """Verify the snapshot that the job names; raise JobFailed with every problem found."""
    target = lake()
    manifest = load(target, running.job.parametros["snapshot"])
    running.plan([*manifest.tables, REFERENCES])
    problems = []
    for path, found in verify(target, manifest):
        table = manifest.tables.get(path)
        rows, size = (table.rows, table.size) if table else (0, 0)
        running.advance(path, rows=rows, size=size, finished=True)
        problems += found
    running.job.resultado = {"snapshot": manifest.id, "problems": problems}
    if problems:
        raise JobFailed("\n".join(problems))
