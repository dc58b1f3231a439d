"""The distribution rule: what everybody may read, the document itself, a new version with its reason."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from rounds import actions, queries
from rounds.actions import NothingChanged, StalePage
from rounds.forms import MEANINGS, CriteriaFormSet, RuleForm, add_errors
from rounds.lifecycle import DoorClosed, Stage
from rounds.models import Round, RuleVersion
from rounds.permissions import may_change_rule, may_manage_round
from rounds.queries.examples import PLANS, POT, rule_examples
from rounds.views.people import person_of, typed
from web.locks import allow, anyone
from web.pages import page


@allow(anyone)
def choices(request: HttpRequest) -> HttpResponse:
    """Every choice of a round, in plain words, each with a small example."""
    examples = [{"example": example, "meaning": MEANINGS[example.rule]} for example in rule_examples()]
    context = {"examples": examples, "plans": PLANS.values(), "pot": POT}
    return page(request, "rounds/choice_list.html", context)


@allow(anyone, load=queries.public_round_for)
def rule(request: HttpRequest, round: Round) -> HttpResponse:
    """The rule of a round in words, with every version, its digest and how to check it."""
    history = queries.rule_history(round)
    context = {
        "round": round,
        "history": history,
        "current": history[0].version if history else None,
        "lines": queries.lines_of_rule(history[0].version.document) if history else [],
        "may_change_rule": may_change_rule(request.user, round),
    }
    return page(request, "rounds/rule_public.html", context)


@allow(anyone, load=queries.rule_version_for)
def document(request: HttpRequest, version: RuleVersion) -> HttpResponse:
    """The rule as a file, byte for byte what the digest was taken of."""
    name = f"{version.round.slug}-rule-{version.number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(version.document.encode(), content_type="application/json", headers=headers)


@allow(may_manage_round, load=queries.round_for)
def change_rule(request: HttpRequest, round: Round) -> HttpResponse:
    """Publish a new version of a frozen rule, with the reason."""
    if request.method != "POST" and not may_change_rule(request.user, round):
        return redirect("rounds:set_up", round.slug)
    adding = "add_row" in request.POST
    form = RuleForm(typed(request), instance=copy(round))
    if adding:
        formset = CriteriaFormSet.with_another_row(request.POST)
    else:
        formset = CriteriaFormSet(typed(request), initial=list(round.criteria.values("name", "question", "weight")))
    context: dict[str, Any] = {"round": round, "form": form, "formset": formset, "adding": adding}
    if request.method == "POST" and not adding and form.is_valid() and formset.is_valid():
        refusal = _publish(request, round, form, formset)
        if not refusal:
            return redirect("rounds:rule", round.slug)
        context |= refusal
    context["closed"] = not may_change_rule(request.user, round)
    context["weights_only"] = round.stage == Stage.SCORING
    status = 409 if context["closed"] or "stale" in context else 200
    return page(request, "rounds/rule_form.html", context, status=status)


def _publish(request: HttpRequest, round: Round, form: RuleForm, formset: Any) -> dict[str, Any]:
    """Publish; what to show when that was refused, nothing when it was not."""
    reason = form.cleaned_data["reason"]
    try:
        version = actions.change_rule(
            round=round,
            edition=form.seen_edition,
            by=person_of(request),
            reason=reason,
            criteria=formset.rows,
            **form.values,
        )
    except StalePage:
        round.refresh_from_db()
        return {"stale": True, "saved_now": form.renew(round)}
    except DoorClosed:
        return {"closed": True}
    except NothingChanged:
        form.add_error(None, _("You did not change anything yet. The rule stays as it is."))
        return {"unchanged": True}
    except ValidationError as refused:
        add_errors(form, refused)
        return {"refused": True}
    messages.success(request, _("Version %(number)s of the rule is published.") % {"number": version.number})
    return {}
