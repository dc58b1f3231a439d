"""Proposals: drafts, budget lines, screening."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

ACTIONS_IN_WORDS = {
    "enter_proposals": _("Entered %(proposals)s proposals in %(subject)s"),
    "start_draft": _("Began a draft"),
    "adopt_draft": _("Took a draft along to an account"),
    "add_attachment": _("Added a file"),
    "delete_attachment": _("Deleted a file"),
    "refuse_attachment": _("Took away a file in which the virus scanner found something"),
    "submit_proposal": _("Sent in proposal %(reference)s, with digest %(digest)s"),
}


class ProposalsConfig(AppConfig):
    """The proposals app."""

    name = "proposals"

    def ready(self) -> None:
        """Hand in the words for the audit trail, by name: models are not there yet when this module is read."""
        import_string("rounds.queries.add_action_words")(ACTIONS_IN_WORDS)
        import_string("rounds.queries.add_trail")("proposal", import_string("proposals.queries.sent_in_from"))
