"""``manage.py remind_supplements``: remind those who still have a few days to answer. For a daily job."""

from typing import Any

from django.core.management.base import BaseCommand

from proposals.actions import remind_of_supplements


class Command(BaseCommand):
    """Sends each reminder once, however often it runs."""

    help = "Remind initiators of a supplement that is due in a few days."

    def handle(self, *args: Any, **options: Any) -> None:
        """Remind, and say how many."""
        self.stdout.write(f"{remind_of_supplements()} reminded")
