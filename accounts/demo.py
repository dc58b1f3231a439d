"""The people of the demo: who they are and what there is to see for them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

DEMO_DOMAIN = "demo.example"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A fixed person of the demo. `who` and `look_at` are lazy translations, one short sentence each."""

    key: str
    name: str
    who: Any
    look_at: Any

    @property
    def email(self) -> str:
        """The mail address by which the person in the database is found."""
        return f"{self.key}@{DEMO_DOMAIN}"


DEMO_PEOPLE = (
    DemoPerson(
        "ines",
        "Ines Martens",
        _("Has an idea for a music evening and applies for money."),
        _("Look at her application and where it stands."),
    ),
    DemoPerson(
        "omar",
        "Omar Haddad",
        _("Has an idea too, and got money last year."),
        _("Look at what he still has to tell about it."),
    ),
    DemoPerson(
        "hanna",
        "Hanna de Wit",
        _("Helps people to write down their idea."),
        _("Look at the applications that she may help with."),
    ),
    DemoPerson(
        "corrie",
        "Corrie Blom",
        _("Committee member. Reads, scores and votes."),
        _("Look at what she still has to do."),
    ),
    DemoPerson(
        "vera",
        "Vera Smit",
        _("Chairs the committee and signs its advice."),
        _("Look at who still has to vote, and at the result."),
    ),
    DemoPerson(
        "otto",
        "Otto Jansen",
        _("Official of the municipality. Sets up the round and keeps it going."),
        _("Look at the round: the money, the rule, the next step."),
    ),
    DemoPerson(
        "bea",
        "Bea Kuipers",
        _("May sign for the municipality: the second pair of eyes."),
        _("Look at what waits for her signature."),
    ),
    DemoPerson(
        "raf",
        "Raf Peters",
        _("Member of the city council."),
        _("Look at how the money was divided, and why."),
    ),
)
