"""What happens to a proposal after it was sent, for the one who sent it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from proposals.models import Proposal
from rounds.lifecycle import PATH, STAGE_LABELS, Audience, Stage
from rounds.queries import timeline_of
from web.templatetags.formats import moment

# Before these the proposal was not there yet; after them it is a grant, with steps of its own.
SHOWN = PATH[PATH.index(Stage.SCREENING) : PATH.index(Stage.DECIDED) + 1]


def steps_after_sending(proposal: Proposal) -> list[dict[str, Any]]:
    """Return the steps for the timeline component, sending first: {label, state, when}. No query.

    As long as the round is open, screening is the step that somebody waits for.
    """
    labels = {STAGE_LABELS[Audience.INITIATOR][stage] for stage in SHOWN}
    steps = [step for step in timeline_of(proposal.round, Audience.INITIATOR) if step["label"] in labels]
    if steps and all(step["state"] == "todo" for step in steps):
        steps[0]["state"] = "current"
    sent = moment(timezone.localtime(proposal.submitted_at)) if proposal.submitted_at else ""
    return [{"label": _("You sent it"), "state": "done", "when": sent}, *steps]
