"""``manage.py appoint MAIL --fund SLUG``: give somebody a seat from the command line.

A fresh site has nobody who may give seats; this gives the first official theirs.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from rounds.actions import create_fund, give_seat_by_mail
from rounds.lifecycle import Role
from rounds.models import Fund


class Command(BaseCommand):
    """Gives a seat, from today until further notice; makes the person, and with ``--new-fund`` the fund."""

    help = "Give somebody a seat in a fund, for instance the first official of a new site."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read whom, where and as what."""
        parser.add_argument("mail", help="the mail address with which the person signs in")
        parser.add_argument("--fund", required=True, help="the fund's web address, such as participatiefonds")
        parser.add_argument("--role", default=Role.OFFICIAL.value, choices=Role.values)
        parser.add_argument("--name", default="", help="what a new person is called")
        parser.add_argument("--new-fund", default="", metavar="NAME", help="make the fund first, and call it this")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do all of it or nothing."""
        try:
            validate_email(options["mail"])
            with transaction.atomic():
                fund = self._fund(options["fund"], options["new_fund"])
                seat = give_seat_by_mail(
                    fund=fund,
                    email=options["mail"],
                    name=options["name"],
                    role=Role(options["role"]),
                    from_date=timezone.localdate(),
                    by=None,
                )
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        self.stdout.write(f"{options['mail']} has the seat “{seat.role}” in {fund.slug}, from today on.")

    def _fund(self, slug: str, new_name: str) -> Fund:
        if new_name:
            return create_fund(by=None, name=new_name, slug=slug)
        fund = Fund.objects.filter(slug=slug).first()
        if fund is None:
            known = ", ".join(Fund.objects.values_list("slug", flat=True)) or "none yet; add --new-fund NAME"
            raise CommandError(f"There is no fund {slug!r}. There is: {known}.")
        return fund
