"""Voting: who steps back, scores, ballots, the tally."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

ACTIONS_IN_WORDS = {"enter_ballots": _("Entered %(ballots)s ballots in %(subject)s")}


class VotingConfig(AppConfig):
    """The voting app."""

    name = "voting"

    def ready(self) -> None:
        """Hand in the words for the audit trail, by name: models are not there yet when this module is read."""
        import_string("rounds.queries.add_action_words")(ACTIONS_IN_WORDS)
