"""Remind people of a draft that they did not send: ``manage.py send_reminders``."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from proposals.actions import send_reminders


class Command(BaseCommand):
    """Sends the reminders that are due, each once. Meant to run every hour."""

    help = "Remind people of an unsent draft, one week and one day before the call closes."

    def add_arguments(self, parser: CommandParser) -> None:
        """The address of the site, for the links."""
        name = settings.ALLOWED_HOSTS[0] if settings.PRODUCTION else ""
        default = f"https://{name.lstrip('.')}" if name else "http://127.0.0.1:8000"
        parser.add_argument("--site", default=default, help=f"address of the site for the links (default: {default})")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send them, and say how many."""
        self.stdout.write(f"{send_reminders(site=options['site'].rstrip('/'))} reminders")
