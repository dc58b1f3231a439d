"""``manage.py load_demo``: the fund of Voorbeeldstad, to look around in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.demo import DEMO_PEOPLE
from fund.actions import DemoRefused, Loaded, load_demo


class Command(BaseCommand):
    """Load the demo, once."""

    help = "Load the demo: a made-up fund with three rounds. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the site is, to print links."""
        parser.add_argument("--address", default="", help="where this site is; prints how to look around")

    def handle(self, *, address: str, **options: Any) -> None:
        """Load the demo and say who there is."""
        try:
            loaded = load_demo()
        except DemoRefused as error:
            raise CommandError(_("This is production: the demo, with its made-up people, stays out.")) from error
        self.stdout.write(
            {
                Loaded.NOW: _("The demo is loaded."),
                Loaded.BEFORE: _("The demo was there already."),
                Loaded.BEFORE_FROM_OTHER_DATA: _(
                    "The demo was loaded by an earlier version and still works. For the new one: make clean, make demo."
                ),
            }[loaded]
        )
        if address:
            self._welcome(address)

    def _welcome(self, address: str) -> None:
        self.stdout.write(_("Look around at %(address)s") % {"address": f"{address}/"})
        self.stdout.write(_("Become somebody at %(address)s") % {"address": f"{address}/demo/"})
        for person in DEMO_PEOPLE:
            self.stdout.write(f"  {person.key:8}{person.name:16}{person.who}")
