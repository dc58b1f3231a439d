import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from allocation import allocate, read_pabulib
from allocation.digest import digest
from allocation.rules import resolve
from fund.actions import allocate_round
from fund.models import AllocationRun, RunKind
from fund.queries.engine import election_of, write_election
from proposals.models import Proposal
from rounds.models import AllocationRule, AuditEntry, Fund, Round, TieBreak
from tests.fund.conftest import MakeRound
from voting.models import Ballot

ELECTION = """META
key;value
description;Buurtbudget Zuid
instance;2024
num_projects;3
num_votes;4
budget;1000
vote_type;approval
rule;{rule}
date_end;{date_end}
currency;{currency}
PROJECTS
project_id;cost;votes;name;category;neighborhood;description
10;600;3;Speeltuin 🛝;Spelen;Oost;Een glijbaan voor iedereen.
9;{cost};2;;Groen;West;
8;300;1;Bankjes;;;
VOTES
voter_id;vote
1;10,9
2;10
3;10,9,8
4;
"""


@pytest.fixture
def election(tmp_path: Path) -> Path:
    return _written(tmp_path)


def _written(folder: Path, **values: str) -> Path:
    path = folder / "Zuid_2024.pb"
    values = {"rule": "greedy", "date_end": "15.04.2024", "currency": "EUR", "cost": "500"} | values
    path.write_text(ELECTION.format(**values), encoding="utf-8")
    return path


def _imported(path: Path, **options: Any) -> Round:
    call_command("import_round", path, stdout=io.StringIO(), stderr=io.StringIO(), **options)
    return Round.objects.latest("pk")


def test_an_election_becomes_a_counted_round_with_all_that_the_file_says(db: None, election: Path) -> None:
    round = _imported(election)

    assert (round.name, round.slug, round.stage) == ("Buurtbudget Zuid 2024", "zuid-2024", "advice")
    assert (round.ceiling, round.currency, round.ballot_type) == (1000_00, "EUR", "approval")
    assert (round.allocation_rule, round.declared_rule, round.tie_break) == ("greedy_votes", "", "listed")
    assert (round.secrecy, round.opens_at, str(round.voting_ends_at)) == ("open", None, "2024-04-15 21:59:00+00:00")
    playground = Proposal.objects.get(reference="10")
    assert (playground.title, playground.theme, playground.neighbourhood) == ("Speeltuin 🛝", "Spelen", "Oost")
    assert (playground.summary, playground.amount_applied_for) == ("Een glijbaan voor iedereen.", 600_00)
    assert Proposal.objects.get(reference="9").title == "9"
    assert Ballot.objects.count() == 4
    run = AllocationRun.objects.get(kind=RunKind.PUBLISHED)
    assert list(run.lines.filter(amount__gt=0).values_list("proposal__reference", flat=True)) == ["10", "8"]
    assert AllocationRun.objects.filter(kind=RunKind.WHAT_IF).count() == 10


def test_the_command_says_what_it_did_and_where_to_look(db: None, election: Path) -> None:
    out = io.StringIO()

    call_command("import_round", election, stdout=out, address="https://fund.example")

    assert "Buurtbudget Zuid 2024" in out.getvalue()
    assert out.getvalue().splitlines()[-1] == "https://fund.example/rounds/zuid-2024/"


def test_the_trail_tells_that_the_election_came_from_elsewhere(db: None, election: Path) -> None:
    _imported(election)

    actions = AuditEntry.objects.order_by("sequence").values_list("action", flat=True)
    assert list(actions) == [
        "create_fund",
        "create_round",
        "enter_proposals",
        "enter_ballots",
        "import_election",
        "allocate_round",
        "compare_rules",
    ]


def test_the_rule_the_fund_and_the_name_can_be_chosen(fund: Fund, election: Path) -> None:
    round = _imported(election, rule="mes_cost", fund=fund.slug, name="Zuid, anders geteld")

    assert (round.fund, round.name, round.slug) == (fund, "Zuid, anders geteld", "zuid-anders-geteld")
    assert (round.allocation_rule, round.tie_break) == (AllocationRule.MES_COST, TieBreak.REFERENCE)


def test_two_elections_share_a_fund(db: None, election: Path) -> None:
    assert _imported(election).fund == _imported(election, slug="nog-eens").fund


@pytest.mark.parametrize(
    ("declared", "rule", "kept"),
    [
        ("equalshares/add1", "mes_cost_add1", ""),
        ("equalshares", "mes_cost", ""),
        ("greedy-no-skip", "declared", "greedy-no-skip"),
        ("phragmen", "phragmen", ""),
    ],
)
def test_the_rule_that_the_file_declares_is_the_rule(
    db: None, tmp_path: Path, declared: str, rule: str, kept: str
) -> None:
    round = _imported(_written(tmp_path, rule=declared))

    assert (round.allocation_rule, round.declared_rule) == (rule, kept)


def test_the_comparison_of_rules_can_be_left_out(db: None, election: Path) -> None:
    _imported(election, compare=False)

    assert AllocationRun.objects.get().kind == RunKind.PUBLISHED


@pytest.mark.parametrize("date_end", ["2024", "", "15 april"])
def test_a_date_that_is_no_day_is_left_out(db: None, tmp_path: Path, date_end: str) -> None:
    assert _imported(_written(tmp_path, date_end=date_end)).voting_ends_at is None


def test_another_currency_is_kept_and_cents_are_cents(db: None, tmp_path: Path) -> None:
    round = _imported(_written(tmp_path, currency="pln", cost="499.95"))

    assert round.currency == "PLN"
    assert Proposal.objects.get(reference="9").amount_applied_for == 499_95


def test_a_file_without_a_description_is_called_by_its_name(db: None, tmp_path: Path) -> None:
    path = tmp_path / "Buurt_West.pb"
    path.write_text(ELECTION.format(rule="greedy", date_end="", currency="", cost="1").replace("Buurtbudget Zuid", ""))

    round = _imported(path)

    assert (round.name, round.slug, round.currency) == ("Buurt West", "buurt-west", "EUR")


def test_a_tie_order_in_the_file_is_the_order_of_the_list(db: None, election: Path) -> None:
    text = election.read_text()
    election.write_text(text.replace("currency;", "tie_order;8,9,10\ncurrency;"))
    listed = _imported(election, compare=False)
    election.write_text(text.replace("currency;", "tie_order;none\ncurrency;"))
    unbroken = _imported(election, slug="onbeslist", compare=False)

    places = dict(listed.proposals.values_list("reference", "place"))
    assert (listed.tie_break, places) == (TieBreak.LISTED, {"8": 0, "9": 1, "10": 2})
    assert unbroken.tie_break == TieBreak.NONE


def test_the_declared_rule_can_be_asked_for_by_that_word(db: None, election: Path) -> None:
    assert _imported(election, rule="declared", compare=False).allocation_rule == "greedy_votes"


def test_pots_and_minimum_amounts_come_back_as_they_went(make_round: MakeRound, tmp_path: Path) -> None:
    pots = make_round(
        [600, 500],
        [{"a": "60000", "b": "1050"}, {"b": "30000"}],
        ballot_type="pot",
        allocation_rule="average_pot",
        partial_funding=True,
    )
    Proposal.objects.filter(reference="b").update(minimum_amount=10_00)
    before = allocate_round(round=pots, by=None)
    path = tmp_path / "potten.pb"
    call_command("export_round", pots.slug, output=path, stdout=io.StringIO())

    after = _imported(path, compare=False)

    assert after.allocation_runs.get().digest == before.digest
    assert after.proposals.get(reference="b").minimum_amount == 10_00


# --- what is broken ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        ({"cost": "veel"}, {}, "line 15"),
        ({"cost": "1.2345"}, {}, "decim"),
        ({"rule": "unknown"}, {}, "--rule"),
        ({"rule": ""}, {}, "--rule"),
        ({}, {"rule": "eerlijk"}, "eerlijk"),
        ({}, {"fund": "nergens"}, "nergens"),
    ],
)
def test_what_cannot_be_brought_in_is_said_and_leaves_nothing_behind(
    db: None, tmp_path: Path, values: dict[str, str], options: dict[str, str], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        _imported(_written(tmp_path, **values), **options)

    assert (Round.objects.count(), Fund.objects.count(), Proposal.objects.count()) == (0, 0, 0)


def test_a_project_name_that_is_far_too_long_is_cut_and_a_reference_is_refused(db: None, tmp_path: Path) -> None:
    long = ELECTION.format(rule="greedy", date_end="", currency="EUR", cost="1")
    path = tmp_path / "lang.pb"
    path.write_text(long.replace("Bankjes", "B" * 400))
    assert len(_imported(path).proposals.get(reference="8").title) == 300

    path = tmp_path / "langer.pb"
    path.write_text(long.replace("\n8;", f"\n{'8' * 90};").replace(",8\n", f",{'8' * 90}\n"))
    with pytest.raises(CommandError):
        _imported(path)

    assert Round.objects.count() == 1


def test_projects_that_rule_each_other_out_are_refused_with_a_way_on(db: None, tmp_path: Path) -> None:
    path = _written(tmp_path)
    text = path.read_text().replace(";description\n", ";excludes\n").replace("Een glijbaan voor iedereen.", "9")
    path.write_text(text)

    with pytest.raises(CommandError, match="python -m allocation"):
        _imported(path)


def test_a_file_that_is_not_there_is_said(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nergens\.pb"):
        _imported(tmp_path / "nergens.pb")


def test_the_same_file_a_second_time_is_refused_and_points_at_the_first(db: None, election: Path) -> None:
    _imported(election)

    with pytest.raises(CommandError, match="/rounds/zuid-2024/"):
        _imported(election)

    assert Round.objects.count() == 1


def test_what_is_odd_in_the_file_is_told(db: None, election: Path) -> None:
    election.write_text(election.read_text().replace("num_votes;4", "num_votes;7"))
    err = io.StringIO()

    call_command("import_round", election, stdout=io.StringIO(), stderr=err)

    assert "num_votes" in err.getvalue()


# --- and back ---------------------------------------------------------------------------------------------------------


def _digest_of_file(text: str) -> str:
    """What `python -m allocation` prints for a file."""
    instance = read_pabulib(text)
    return digest(resolve(instance, "declared")[1], allocate(instance, "declared"))


def _exported(round: Round) -> str:
    out = io.StringIO()
    call_command("export_round", round.slug, stdout=out)
    return out.getvalue()


def test_an_exported_round_counts_to_the_same_digest_and_says_what_was_funded(db: None, election: Path) -> None:
    round = _imported(election)

    text = _exported(round)

    assert _digest_of_file(text) == AllocationRun.objects.get(kind=RunKind.PUBLISHED).digest
    assert "selected" in text


def test_an_export_can_be_imported_again_and_gives_the_same_digest(db: None, election: Path, tmp_path: Path) -> None:
    first = _imported(election, rule="mes_cost_add1u")
    path = tmp_path / "weer.pb"
    out = io.StringIO()
    call_command("export_round", first.slug, output=path, stdout=out)

    second = _imported(path)

    digests = AllocationRun.objects.filter(kind=RunKind.PUBLISHED).values_list("digest", flat=True)
    assert len(set(digests)) == 1
    assert second.allocation_rule == "mes_cost_add1u"
    assert str(path) in out.getvalue()


@pytest.mark.parametrize(
    ("fields", "ballots"),
    [
        ({"tie_break": "cheaper"}, ["ab", "c", ""]),
        ({"tie_break": "lot", "lot_seed": "zon maan"}, ["ab", "c", ""]),
        ({"threshold": 2}, ["ab", "ab", "c"]),
        ({"partial_funding": True}, ["ab", "ab", "c"]),
        ({"ballot_type": "yes_no", "allocation_rule": "majority"}, [{"a": "1", "b": "-1"}, {"a": "0", "b": "1"}]),
        ({"ballot_type": "points", "allocation_rule": "mes_points"}, [{"a": "2", "b": "0.5"}, {"c": "3"}]),
        ({"ballot_type": "pot", "allocation_rule": "average_pot"}, [{"a": "60000", "b": "1050"}, {"c": "30000"}]),
        ({"ballot_type": "scores", "allocation_rule": "greedy_points"}, [{"a": "4", "b": "5"}, {"c": "1"}]),
        ({"ballot_type": "ranking", "allocation_rule": "greedy_points"}, [{"a": "2", "b": "3"}, {"c": "3"}]),
    ],
)
def test_every_rule_of_our_own_survives_the_export(
    make_round: MakeRound, fields: dict[str, object], ballots: list[object]
) -> None:
    round = make_round([600, 500, 300], ballots, recused=["c", "", "b"], **fields)
    Proposal.objects.filter(reference="b").update(minimum_amount=100_00)

    run = allocate_round(round=round, by=None)

    assert run.digest
    assert _digest_of_file(_exported(round)) == run.digest


def test_a_tied_round_can_be_exported_without_an_outcome(make_round: MakeRound) -> None:
    round = make_round([600, 600], ["ab"], tie_break=TieBreak.NONE)
    file = io.StringIO()

    write_election(election_of(round), file)

    assert "selected" not in file.getvalue()
    assert "tie_order;none" in file.getvalue()


@pytest.mark.parametrize(("slug", "stage"), [("nergens", "advice"), ("ronde-1", "voting")])
def test_what_is_not_there_or_not_counted_is_not_exported(make_round: MakeRound, slug: str, stage: str) -> None:
    make_round([600], ["a"], stage=stage)

    with pytest.raises(CommandError, match=slug):
        call_command("export_round", slug)


# --- real elections ---------------------------------------------------------------------------------------------------

SAMPLE = [
    "Netherlands_Assen_2024.pb",
    "Netherlands_Amsterdam_643.pb",
    "Poland_Krakow_2024_Stare_Miasto.pb",
    "Poland_Katowice_2022_Zarzecze.pb",
    "Poland_Wroclaw_2017_Rejon_nr_7_250.pb",
    "Poland_Gdynia_2024_Wzgorze_Sw._Maksymiliana__large.pb",
    "Switzerland_Zurich_S5R.pb",
]


@pytest.mark.parametrize("name", SAMPLE)
def test_a_real_election_of_each_kind_goes_in_and_out_with_one_digest(
    db: None, elections_dir: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What would have been enough is no part of the digest, and takes most of the time.
    monkeypatch.setattr("fund.queries.engine.counts.SMALL", 0)
    monkeypatch.setattr("fund.queries.engine.counts.NEXT_IN_ROW", 0)
    path = elections_dir / name
    rule = "greedy_votes" if "Zurich" in name else ""

    round = _imported(path, rule=rule, compare=False)

    run = AllocationRun.objects.get()
    original = read_pabulib(path)
    assert run.digest == digest(resolve(original, rule or "declared")[1], allocate(original, rule or "declared"))
    assert _digest_of_file(_exported(round)) == run.digest


def test_all_real_elections_go_in_and_out_with_one_digest(
    db: None, elections_dir: Path, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those up to 100 kB; the larger ones add time and no kind of their own."""
    monkeypatch.setattr("fund.queries.engine.counts.SMALL", 0)
    monkeypatch.setattr("fund.queries.engine.counts.NEXT_IN_ROW", 0)
    different = []
    for number, path in enumerate(sorted(elections_dir.glob("*.pb"))):
        if path.stat().st_size > 100_000 or path.name in SAMPLE:
            continue
        unsaid = read_pabulib(path).declared_rule in {"", "unknown"}
        rule = "greedy_votes" if unsaid else ""
        round = _imported(path, rule=rule, fund=fund.slug, slug=f"echt-{number}", compare=False)
        if _digest_of_file(_exported(round)) != round.allocation_runs.get().digest:
            different.append(path.name)

    assert different == []
