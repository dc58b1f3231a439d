"""``manage.py export_round SLUG``: write a counted round as a file that anyone can count again."""

import io
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from fund.queries.engine import election_of, write_election
from rounds.lifecycle import COUNTED
from rounds.models import Round


class Command(BaseCommand):
    """Write a Pabulib file."""

    help = "Write a counted round as a .pb file; python -m allocation gives the same digest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The round, and where to."""
        parser.add_argument("slug")
        parser.add_argument("--output", type=Path, metavar="FILE", help="without it: on the screen")

    def handle(self, *, slug: str, output: Path | None, **options: Any) -> None:
        """Write the file."""
        round = Round.objects.select_related("fund").filter(slug=slug).first()
        if round is None:
            raise CommandError(_("There is no round “%(slug)s”.") % {"slug": slug})
        if round.stage not in COUNTED:
            raise CommandError(_("The vote of “%(slug)s” has not been counted yet.") % {"slug": slug})
        election = election_of(round)
        if output is None:
            text = io.StringIO()
            write_election(election, text)
            self.stdout.write(text.getvalue(), ending="")
            return
        with output.open("w", encoding="utf-8", newline="") as file:
            write_election(election, file)
        self.stdout.write(str(output))
