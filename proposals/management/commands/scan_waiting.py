"""``manage.py scan_waiting``: let the virus scanner look at the files for which it had no time or answer before."""

from typing import Any

from django.core.management.base import BaseCommand

from proposals.actions import rescan
from proposals.models import AttachmentState
from proposals.queries import waiting_attachments


class Command(BaseCommand):
    """Looks at every file that waits; for a timer, every five minutes."""

    help = "Have every file that waits for the virus scanner looked at."

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, and say what came of it."""
        outcomes = [rescan(attachment=attachment) for attachment in waiting_attachments()]
        self.stdout.write(
            f"ready: {outcomes.count(AttachmentState.READY)}, "
            f"refused: {outcomes.count(AttachmentState.REFUSED)}, "
            f"still waiting: {outcomes.count(AttachmentState.WAITING_FOR_SCAN)}"
        )
