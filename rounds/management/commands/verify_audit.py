"""``manage.py verify_audit``: does the audit trail hold from its first line to its last?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rounds.models import AuditEntry
from rounds.queries import broken_links


class Command(BaseCommand):
    """Recomputes every hash; exits with an error that names each broken place."""

    help = "Check that no line of the audit trail was altered, removed or inserted."

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk the trail and report."""
        broken = list(broken_links())
        for link in broken:
            self.stderr.write(f"line {link.sequence}: {link.problem}")
        if broken:
            raise CommandError(f"The audit trail is broken in {len(broken)} place(s).")
        self.stdout.write(f"The audit trail holds: {AuditEntry.objects.count()} lines.")
