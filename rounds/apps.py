"""Funds, rounds and seats: who divides how much, by which rule, in which stage."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from web.navigation import NavigationLink, add_link


class RoundsConfig(AppConfig):
    """The rounds app."""

    name = "rounds"

    def ready(self) -> None:
        """Hand in the link to the office."""
        # The predicate needs the models, and those are loaded only now.
        may_steer = import_string("rounds.permissions.may_steer")
        add_link(NavigationLink(_("Manage rounds"), "rounds:overview", may_steer, place=80))
