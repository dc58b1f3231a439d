"""``manage.py verify_audit``: does the audit trail hold from its first line to its last?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rounds.models import AuditEntry
from rounds.queries import broken_links, last_link


class Command(BaseCommand):
    """Recomputes every hash; exits with an error that names each broken place."""

    help = "Check that no line of the audit trail was altered, removed or inserted."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read the anchor: a line that was written down elsewhere, earlier."""
        parser.add_argument(
            "--anchor",
            default="",
            metavar="NUMBER:HASH",
            help="a line as this command printed it earlier; whoever rewrote the whole trail since is found out",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk the trail and report."""
        problems = [f"line {link.sequence}: {link.problem}" for link in broken_links()]
        problems += self._anchor_problems(options["anchor"])
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"The audit trail is broken in {len(problems)} place(s).")
        number, digest = last_link()
        self.stdout.write(f"The audit trail holds: {number} lines. Keep elsewhere: --anchor {number}:{digest}")

    def _anchor_problems(self, anchor: str) -> list[str]:
        if not anchor:
            return []
        number, _colon, digest = anchor.partition(":")
        if not number.isascii() or not number.isdigit() or len(digest) != 64:
            raise CommandError("Write the anchor as NUMBER:HASH, as this command printed it.")
        if int(number) == 0 or AuditEntry.objects.filter(sequence=int(number), hash=digest).exists():
            return []
        return [f"line {number}: not the line that was written down earlier"]
