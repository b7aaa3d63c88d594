"""Doors for Celery: each may be passed twice."""

from axes.models import AccessAttempt
from celery import shared_task
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from core import links


@shared_task
def send_links() -> None:
    links.send_pending()


@shared_task
def forget_sessions() -> None:
    """Drop the sessions that ended, and the failed tries and asked links that no longer count."""
    call_command("clearsessions")
    links.forget()
    before = timezone.now() - settings.AXES_COOLOFF_TIME
    AccessAttempt.objects.filter(attempt_time__lt=before).delete()
