"""What becomes of the money: allocation, decisions, grants, payments, results."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from web.navigation import NavigationLink, add_link

ACTIONS_IN_WORDS = {
    "allocate_round": _("Divided the budget of %(subject)s by its rule, with digest %(digest)s"),
    "compare_rules": _("Compared the rules on the ballots of %(subject)s"),
    "import_election": _("Brought in %(subject)s, an election that was held elsewhere"),
    "load_demo": _("Loaded the demo of %(subject)s"),
}


class FundConfig(AppConfig):
    """The fund app."""

    name = "fund"

    def ready(self) -> None:
        """Hand in what the fund adds to every page, and its words for the audit trail.

        By name: what these modules import can only be imported once all apps are there.
        """
        hand_over, close_and_divide = map(import_string, ("rounds.actions.hand_over", "fund.actions.close_and_divide"))
        events, add_obstacles = map(import_string, ("rounds.lifecycle.Event", "rounds.queries.add_obstacles"))
        hand_over(events.CLOSE_VOTING, close_and_divide)
        hand_over(events.COUNT_SCORES, close_and_divide)
        add_obstacles(events.DECIDE, import_string("fund.queries.obstacles.before_deciding"))
        add_link(NavigationLink(_("Home"), "fund:home", import_string("web.locks.anyone"), place=10))
        import_string("rounds.queries.add_action_words")(ACTIONS_IN_WORDS)
        round_link, add_round_link = map(import_string, ("rounds.queries.RoundLink", "rounds.queries.add_round_link"))
        may_allocate = import_string("fund.permissions.may_allocate")
        add_round_link(round_link(_("Divide the budget by the rule"), "fund:divide", may_allocate))
        was_opened = import_string("rounds.permissions.may_see_round")
        add_round_link(round_link(_("The page that everybody sees"), "fund:round", was_opened))
