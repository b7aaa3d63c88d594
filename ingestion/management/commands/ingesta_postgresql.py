from ingestion.management.commands import export_snapshot


class Command(export_snapshot.Command):
    help = "Exporta al lago solo lo que sale de postgresql; lo demás sigue como se publicó la última vez."
    only = "postgresql"
