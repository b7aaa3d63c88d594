"""What the beat does with pólizas."""

from celery import shared_task
from django.utils import timezone

from polizas import services


@shared_task
def actualizar_estados() -> int:
    """Start and end the pólizas whose day has come; doing it twice is harmless."""
    return services.actualizar_estados(timezone.localdate())
