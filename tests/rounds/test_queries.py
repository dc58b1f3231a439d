import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from accounts.models import Person
from allocation import RULES
from rounds.actions import advance, change_rule, create_fund, create_round, give_seat, record, set_criteria
from rounds.lifecycle import Audience, Event, Role, Stage
from rounds.models import AllocationRule, AuditEntry, BallotType, Fund, Round, TieBreak
from rounds.queries import (
    SUITABLE_RULES,
    RoundLink,
    add_action_words,
    add_round_link,
    add_trail,
    audit,
    audit_trail_of_fund,
    audit_trail_of_round,
    digest_of,
    fund_for,
    funds_managed_by,
    funds_overview,
    lines_of_rule,
    next_names,
    next_steps,
    public_round_for,
    reason_for_cancelling,
    round_for,
    round_links,
    rounds_visible_to,
    rule_differences,
    rule_document,
    rule_history,
    rule_problems,
    rule_version_for,
    seat_for,
    slug_from,
    stages,
    step_for,
    timeline_of,
    trail_in_words,
)
from rounds.queries.rules import counting_in_words

VISITOR = AnonymousUser()


# --- what somebody may know to exist ----------------------------------------------------------------------------------


def test_a_round_in_preparation_is_known_to_those_with_a_seat(planned_round: Round, ines: Person, raf: Person) -> None:
    assert list(rounds_visible_to(raf)) == [planned_round]
    assert list(rounds_visible_to(ines)) == []
    with pytest.raises(Http404):
        round_for(VISITOR, planned_round.slug)


def test_an_open_round_is_known_to_everybody(open_round: Round) -> None:
    assert round_for(VISITOR, open_round.slug) == open_round
    assert public_round_for(VISITOR, open_round.slug) == open_round
    assert rule_version_for(VISITOR, open_round.slug, 1).round == open_round


@pytest.mark.parametrize("slug", ["nowhere", "", "ronde-2027 "])
def test_an_unknown_round_is_not_found(slug: str, open_round: Round, otto: Person) -> None:
    for load in (round_for, public_round_for):
        with pytest.raises(Http404):
            load(otto, slug)


def test_a_rule_that_is_not_frozen_is_not_found_even_by_officials(planned_round: Round, otto: Person) -> None:
    with pytest.raises(Http404):
        public_round_for(otto, planned_round.slug)


def test_a_version_that_does_not_exist_is_not_found(open_round: Round) -> None:
    with pytest.raises(Http404):
        rule_version_for(VISITOR, open_round.slug, 2)


def test_a_round_called_off_before_it_opened_stays_unknown(planned_round: Round, otto: Person, ines: Person) -> None:
    advance(planned_round, Event.CANCEL, otto, reason="Geen geld.")

    assert list(rounds_visible_to(ines)) == []
    assert reason_for_cancelling(planned_round) == "Geen geld."


def test_a_round_called_off_while_open_stays_known(open_round: Round, otto: Person) -> None:
    assert reason_for_cancelling(open_round) == ""

    advance(open_round, Event.CANCEL, otto, reason="Geen geld.")

    assert list(rounds_visible_to(VISITOR)) == [open_round]


def test_a_fund_is_known_by_its_seats_and_by_its_public_rounds(
    planned_round: Round, fund: Fund, otto: Person, ines: Person
) -> None:
    assert fund_for(otto, fund.slug) == fund
    with pytest.raises(Http404):
        fund_for(ines, fund.slug)

    advance(planned_round, Event.OPEN, otto)

    assert fund_for(ines, fund.slug) == fund


def test_a_seat_is_known_to_officials_of_its_fund(corrie: Person, otto: Person) -> None:
    seat = corrie.seats.get()

    assert seat_for(otto, seat.pk) == seat
    with pytest.raises(Http404):
        seat_for(corrie, seat.pk)


def test_a_step_needs_an_event_that_exists(planned_round: Round, otto: Person) -> None:
    assert step_for(otto, planned_round.slug, "open").event == Event.OPEN
    with pytest.raises(Http404):
        step_for(otto, planned_round.slug, "explode")


def test_the_overview_shows_the_funds_where_somebody_steers(
    planned_round: Round, fund: Fund, otto: Person, bea: Person, corrie: Person
) -> None:
    create_fund(by=None, name="Ander fonds", slug="ander")

    assert funds_overview(otto) == [(fund, [planned_round], True)]
    assert funds_overview(bea) == [(fund, [planned_round], False)]
    assert funds_overview(corrie) == []
    assert [list(funds_managed_by(person)) for person in (otto, bea, VISITOR)] == [[fund], [], []]


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "next_name"),
    [
        ("Ronde 2027", "Ronde 2028"),
        ("2026-2027", "2026-2028"),
        ("Voorjaar", "Voorjaar 2028"),
        ("🌷", "🌷 2028"),
        ("x" * 120, "x" * 120),
        ("Ronde 12027", "Ronde 12027 2028"),
    ],
)
def test_next_years_round_is_called_after_this_one(name: str, next_name: str, db: None) -> None:
    assert next_names(Round(name=name, opens_at=datetime(2027, 3, 1, tzinfo=UTC)))[0] == next_name


def test_the_web_address_of_next_year_is_free(planned_round: Round, fund: Fund, otto: Person) -> None:
    create_round(fund=fund, by=otto, name="Ronde 2028", slug="ronde-2028")

    assert next_names(planned_round) == ("Ronde 2028", "ronde-2028-2")


def test_long_names_make_short_addresses(db: None) -> None:
    assert slug_from("lang " * 40, kind=Round) == ("lang-" * 10).strip("-")


# --- the rule ---------------------------------------------------------------------------------------------------------


def test_the_rule_is_canonical_and_its_digest_can_be_recomputed(planned_round: Round) -> None:
    document = rule_document(planned_round)

    assert json.dumps(json.loads(document), ensure_ascii=False, sort_keys=True, separators=(",", ":")) == document
    assert digest_of(document) == hashlib.sha256(document.encode("utf-8")).hexdigest()


def test_the_rule_takes_the_criteria_as_they_are_now(planned_round: Round, otto: Person) -> None:
    seen = Round.objects.prefetch_related("criteria").get(pk=planned_round.pk)
    set_criteria(
        round=planned_round,
        edition=planned_round.edition,
        by=otto,
        criteria=[{"name": "مشاركة 🌷", "question": "?", "weight": 3}],
    )

    assert json.loads(rule_document(seen))["criteria"] == [{"name": "مشاركة 🌷", "question": "?", "weight": 3}]


def test_what_is_not_in_use_is_no_part_of_the_rule(planned_round: Round) -> None:
    planned_round.points, planned_round.lot_seed = 7, "Loterij"
    without = json.loads(rule_document(planned_round))
    planned_round.ballot_type, planned_round.tie_break = BallotType.POINTS, TieBreak.LOT
    with_both = json.loads(rule_document(planned_round))

    assert (without["points"], without["lot_seed"]) == (None, "")
    assert (with_both["points"], with_both["lot_seed"]) == (7, "Loterij")


def test_the_rule_in_words_leaves_out_what_is_not_in_use(planned_round: Round) -> None:
    keys = [line.key for line in lines_of_rule(rule_document(planned_round))]

    assert keys == [
        "ceiling",
        "ballot_type",
        "secrecy",
        "allocation_rule",
        "partial_funding",
        "tie_break",
        "threshold",
        "minimum_scores",
        "quorum_percent",
        "criteria",
    ]


def test_the_rule_in_words_names_every_choice(planned_round: Round) -> None:
    planned_round.ballot_type, planned_round.points = BallotType.POINTS, 1
    planned_round.tie_break, planned_round.lot_seed = TieBreak.LOT, "Loterij"
    planned_round.threshold, planned_round.minimum_scores, planned_round.quorum_percent = 2, 0, 0
    planned_round.partial_funding, planned_round.currency = True, "PLN"

    lines = {line.key: line.value for line in lines_of_rule(rule_document(planned_round))}

    assert lines["ceiling"].replace("\N{NO-BREAK SPACE}", "") in {"PLN100.000", "PLN100,000"}
    assert lines["lot_seed"] == "Loterij"
    assert "Meedoen" in lines["criteria"]
    assert "1" in lines["points"]


def test_a_rule_of_another_time_still_reads() -> None:
    document = json.dumps({"ceiling": 100, "allocation_rule": "a_rule_of_1999"})

    assert [line.value.replace("\N{NO-BREAK SPACE}", "") for line in lines_of_rule(document)] == [
        "€1",
        "a_rule_of_1999",
    ]


def test_limits_in_words_leave_out_what_does_not_matter() -> None:
    assert len(counting_in_words(Round(threshold=2, minimum_scores=1, quorum_percent=50))) == 3
    assert len(counting_in_words(Round(threshold=0, minimum_scores=0, quorum_percent=0))) == 1


def test_versions_show_what_changed_old_and_new(open_round: Round, otto: Person) -> None:
    change_rule(
        round=open_round,
        edition=open_round.edition,
        by=otto,
        reason="De raad gaf meer.",
        ceiling=120_000_00,
        tie_break=TieBreak.LOT,
        lot_seed="Loterij",
    )

    newest, first = rule_history(open_round)

    assert (newest.version.number, first.version.number) == (2, 1)
    assert first.differences == []
    changed = [(line.old.replace("\N{NO-BREAK SPACE}", ""), line.new) for line in newest.differences]
    assert len(changed) == 3
    assert changed[0][0] in {"€100.000", "€100,000"}
    assert changed[2] == ("", "Loterij")


def test_a_line_that_goes_shows_too() -> None:
    old, new = json.dumps({"lot_seed": "Loterij"}), json.dumps({"lot_seed": ""})

    assert [(line.old, line.new) for line in rule_differences(old, new)] == [("Loterij", "")]


def test_the_rules_are_those_of_the_engine() -> None:
    ours = set(AllocationRule.values) - {AllocationRule.DECLARED}

    assert ours <= set(RULES)


@pytest.mark.parametrize("ballot", BallotType)
def test_a_rule_suits_a_ballot_when_the_engine_can_count_it(ballot: BallotType) -> None:
    kind = {"choose_one": "choose-1", "yes_no": "yes-no"}.get(ballot.value, ballot.value)

    for name in SUITABLE_RULES[ballot]:
        if name in RULES:
            assert kind in {str(known) for known in RULES[name].kinds}, name


def test_a_declared_rule_counts_by_itself() -> None:
    assert set(rule_problems(Round(allocation_rule=AllocationRule.DECLARED))) == {"allocation_rule"}
    assert rule_problems(Round(allocation_rule=AllocationRule.DECLARED, declared_rule="mes_cost")) == {}


# --- where a round stands ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", Audience)
def test_the_timeline_shows_what_is_done_and_what_comes(audience: Audience, in_stage: Callable[[Stage], Round]) -> None:
    round = in_stage(Stage.SCORING)
    round.decision_date, round.scoring_ends_at = date(2027, 9, 1), datetime(2027, 6, 30, 15, tzinfo=UTC)

    steps = timeline_of(round, audience)

    assert [step["state"] for step in steps] == ["done"] * 3 + ["current"] + ["todo"] * 5
    assert "17:00" in steps[3]["when"]
    assert "2027" in steps[6]["when"]


def test_where_scores_are_the_vote_there_is_no_voting(in_stage: Callable[[Stage], Round]) -> None:
    round = in_stage(Stage.ADVICE)
    round.ballot_type = BallotType.SCORES

    assert [step["state"] for step in timeline_of(round)] == ["done"] * 4 + ["current"] + ["todo"] * 3


def test_a_round_that_was_called_off_has_no_timeline(in_stage: Callable[[Stage], Round]) -> None:
    assert timeline_of(in_stage(Stage.CANCELLED)) == []


def test_of_voting_and_counting_only_the_fitting_one_is_offered(in_stage: Callable[[Stage], Round]) -> None:
    round = in_stage(Stage.SCORING)
    by_ballots = [step.row.event for step in next_steps(round)]
    round.ballot_type = BallotType.SCORES
    by_scores = [step.row.event for step in next_steps(round)]

    assert by_ballots == [Event.OPEN_VOTING, Event.CANCEL]
    assert by_scores == [Event.COUNT_SCORES, Event.CANCEL]


def test_a_step_says_what_it_does_and_who_may(in_stage: Callable[[Stage], Round]) -> None:
    step = next_steps(in_stage(Stage.ADVICE))[0]

    assert str(step.effect)
    assert len(step.who) == 1


def test_higher_apps_add_links(planned_round: Round, otto: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "_links", [])
    shown = RoundLink("Regel", "rounds:rule", lambda _user, _round: True)
    for link in (shown, shown, RoundLink("Verborgen", "rounds:rule", lambda _user, _round: False)):
        add_round_link(link)

    assert round_links(otto, planned_round) == [{"label": "Regel", "url": "/rounds/ronde-2027/rule/"}]


# --- the trail in words -----------------------------------------------------------------------------------------------


def words(entries: list[AuditEntry]) -> list[str]:
    return [line.what for line in trail_in_words(entries)]


def test_every_line_of_a_round_is_put_into_words(open_round: Round, otto: Person) -> None:
    change_rule(round=open_round, edition=open_round.edition, by=otto, reason="Meer.", ceiling=120_000_00)
    advance(open_round, Event.CANCEL, otto, reason="Geen geld.")

    told = words(list(audit_trail_of_round(open_round)))

    assert len(told) == 5
    assert all("Ronde 2027" in line and "%" not in line for line in told)


def test_the_trail_of_a_fund_has_its_seats_and_rounds(
    open_round: Round, fund: Fund, otto: Person, corrie: Person
) -> None:
    give_seat(
        fund=fund,
        person=corrie,
        role=Role.CHAIR,
        from_date=date(2027, 1, 1),
        until_date=date(2027, 12, 31),
        by=otto,
    )

    told = words(list(audit_trail_of_fund(fund)))

    assert "Corrie" in told[0]
    assert "2027" in told[0]
    assert "Participatiefonds" in told[-1]
    assert len(told) == 7


def test_an_action_that_nobody_put_into_words_still_shows(fund: Fund) -> None:
    record(action="count_100%_of_it", subject=fund, by=None)

    assert words(list(audit_trail_of_fund(fund)))[0] == "count 100% of it"


def test_higher_apps_add_words_and_lines(planned_round: Round, fund: Fund, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_words", {})
    monkeypatch.setattr(audit, "_belongings", {})
    add_action_words({"submit_proposal": "Sent in %(reference)s %(gone)s for %(subject)s"})
    add_trail("criterion", lambda rounds: planned_round.criteria.filter(round__in=rounds).values("pk"))

    record(action="submit_proposal", subject=planned_round.criteria.get(), by=None, reference="2027-001")

    assert words(list(audit_trail_of_round(planned_round)))[0] == "Sent in 2027-001 … for …"


def test_facts_are_shown_as_people_read_them(fund: Fund, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_words", {"look": "%(until_date)s|%(fields)s|%(digest)s|%(nothing)s|%(role)s"})
    record(
        action="look",
        subject=fund,
        by=None,
        until_date=None,
        fields=["ceiling", "purpose", "gone"],
        digest="0123456789abcdef",
        nothing=None,
        role="king",
    )

    until, fields, digest, nothing, role = words(list(audit_trail_of_fund(fund)))[0].split("|")

    assert (digest, nothing, role) == ("0123456789ab…", "…", "king")
    assert fields.endswith(", gone")
    assert until
