"""Proposals: drafts, budget lines, screening."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from rounds.lifecycle import Event
from web.navigation import NavigationLink, add_link

ACTIONS_IN_WORDS = {
    "enter_proposals": _("Entered %(proposals)s proposals in %(subject)s"),
    "start_draft": _("Began a draft"),
    "adopt_draft": _("Took a draft along to an account"),
    "add_attachment": _("Added a file"),
    "delete_attachment": _("Deleted a file"),
    "refuse_attachment": _("Took away a file in which the virus scanner found something"),
    "submit_proposal": _("Sent in proposal %(reference)s, with digest %(digest)s"),
    "read_proposal": _("Read proposal %(reference)s"),
    "set_screening_points": _("Changed the checklist of %(subject)s"),
    "fill_in_checklist": _("Filled in the checklist of proposal %(reference)s"),
    "admit_proposal": _("Found proposal %(reference)s complete"),
    "ask_supplement": _("Asked for more about proposal %(reference)s, until %(due_date)s"),
    "extend_supplement": _("Gave more time to answer about proposal %(reference)s, until %(due_date)s"),
    "remind_supplement": _("Reminded of our question about proposal %(reference)s"),
    "answer_supplement": _("Sent the answer about proposal %(reference)s, with digest %(digest)s"),
    "not_treat_proposal": _("Left proposal %(reference)s untreated"),
    "write_message": _("Wrote a message about a proposal"),
    "answer_message": _("Answered a message about a proposal"),
    "read_messages": _("Read %(number)s messages about a proposal"),
    "withdraw_proposal": _("Withdrew proposal %(reference)s (%(why)s)"),
    "delete_draft": _("Deleted a draft"),
    "send_again": _("Sent version %(number)s of proposal %(reference)s, with digest %(digest)s"),
    "close_account": _("Closed an account"),
    "stop_reminders": _("Stopped the reminders of a draft"),
}


class ProposalsConfig(AppConfig):
    """The proposals app."""

    name = "proposals"

    def ready(self) -> None:
        """Hand in the words for the audit trail, by name: models are not there yet when this module is read."""
        import_string("rounds.queries.add_action_words")(ACTIONS_IN_WORDS)
        import_string("rounds.queries.add_trail")("proposal", import_string("proposals.queries.sent_in_from"))
        obstacles = import_string("proposals.queries.unscreened_obstacles")
        import_string("rounds.queries.add_obstacles")(Event.START_SCORING, obstacles)
        may_manage = import_string("rounds.permissions.may_manage_round")
        link = import_string("rounds.queries.RoundLink")(_("Check proposals"), "proposals:round_screening", may_manage)
        import_string("rounds.queries.add_round_link")(link)
        signed_in = import_string("web.locks.anyone_signed_in")
        add_link(NavigationLink(_("My proposals"), "proposals:mine", signed_in, place=20))
        may_see_threads = import_string("proposals.permissions.may_see_threads_of")
        threads = import_string("rounds.queries.RoundLink")(_("Messages"), "proposals:threads", may_see_threads)
        import_string("rounds.queries.add_round_link")(threads)
        for part in ("PROPOSALS_PART", "MESSAGES_PART"):
            import_string("accounts.queries.add_kept_part")(import_string(f"proposals.queries.{part}"))
