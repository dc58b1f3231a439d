"""``manage.py import_round FILE.pb``: bring in an election that was held elsewhere, and count it."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from fund.actions import RoundExists, import_election
from fund.queries.engine import UnreadableElection, read_election
from rounds.actions import create_fund
from rounds.models import Fund

FUND_SLUG = "elections"


class Command(BaseCommand):
    """Read a Pabulib file into a round of its own."""

    help = "Make a counted round of a real election (a .pb file)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and what to call the round."""
        parser.add_argument("file", type=Path, metavar="FILE.pb")
        parser.add_argument("--rule", default="", help="count by this rule; without it by the one the file declares")
        parser.add_argument("--fund", default="", metavar="SLUG", help="the fund that the round belongs to")
        parser.add_argument("--name", default="", help="what to call the round; without it what the file says")
        parser.add_argument("--slug", default="", help="its address; without it the name of the file")
        parser.add_argument(
            "--no-comparison", dest="compare", action="store_false", help="run that one rule only, which is quicker"
        )
        parser.add_argument("--address", default="http://127.0.0.1:8000", help="where this site is, to print a link")

    def handle(self, *, file: Path, rule: str, fund: str, name: str, slug: str, address: str, **options: Any) -> None:
        """Import the file in one transaction."""
        slug = slug or slugify((name or file.stem).replace("_", "-"))[:80].strip("-")
        try:
            election = read_election(file, warn=self._warn, progress=self._progress(options["verbosity"]))
            with transaction.atomic():
                round = import_election(
                    election=election,
                    fund=self._fund(fund),
                    name=name or _name(election.meta, file),
                    slug=slug,
                    rule=rule,
                    compare=options["compare"],
                    by=None,
                )
        except UnreadableElection as error:
            raise CommandError(f"{file}: {error}") from error
        except RoundExists as error:
            raise CommandError(
                _(
                    "There is a round “%(slug)s” already: %(address)s. Nothing was changed. "
                    "Give this one another address with --slug."
                )
                % {"slug": slug, "address": f"{address}/rounds/{slug}/"}
            ) from error
        except ValidationError as error:
            raise CommandError(f"{file}: {' '.join(error.messages)}") from error
        run = round.allocation_runs.get(kind="published")
        self.stdout.write(
            _("%(name)s: %(proposals)d proposals, %(voters)d ballots, counted by %(rule)s.")
            % {
                "name": round.name,
                "proposals": round.proposals.count(),
                "voters": run.voters,
                "rule": round.declared_rule or round.allocation_rule,
            }
        )
        self.stdout.write(address + reverse("fund:round", kwargs={"slug": round.slug}))

    def _fund(self, slug: str) -> Fund:
        if slug:
            try:
                return Fund.objects.get(slug=slug)
            except Fund.DoesNotExist:
                raise CommandError(
                    _("There is no fund “%(slug)s”. The funds are: %(funds)s.")
                    % {"slug": slug, "funds": ", ".join(Fund.objects.values_list("slug", flat=True)) or "-"}
                ) from None
        own = Fund.objects.filter(slug=FUND_SLUG).first()
        return own or create_fund(
            by=None,
            name=_("Elections held elsewhere"),
            slug=FUND_SLUG,
            purpose=_("Real elections in which residents divided a budget, counted again by this site."),
        )

    def _warn(self, message: str) -> None:
        self.stderr.write(message)

    def _progress(self, verbosity: int) -> Any:
        """One line that counts up, for people who watch; nothing in a log."""
        if not verbosity or not sys.stderr.isatty():
            return None

        def show(done: int, _total: int | None) -> None:
            self.stderr.write(_("%(count)d ballots read") % {"count": done}, ending="\r")

        return show


def _name(meta: Any, file: Path) -> str:
    """What the file says it is, with its year when that is not in it already."""
    name, year = meta.get("description", ""), meta.get("instance", "")
    if not name:
        return file.stem.replace("_", " ")
    return f"{name} {year}" if year.isdigit() and len(year) == 4 and year not in name else name
