"""Send what still waits: ``manage.py send_waiting``."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.actions import send_waiting


class Command(BaseCommand):
    """Tries every notice that could not be sent before and is due again. Meant to run every few minutes."""

    help = "Send the mails and text messages that could not be sent before."

    def handle(self, *args: Any, **options: Any) -> None:
        """Try them, and say how many went out."""
        self.stdout.write(f"{send_waiting()} sent")
