"""Reading and writing the Pabulib format: every oddity of real files, and every way in which a file can be broken."""

from __future__ import annotations

import gc
import io
import os
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation import (
    AllocationError,
    BallotGroup,
    BallotKind,
    Candidate,
    Instance,
    PabulibError,
    allocate,
    read_pabulib,
    write_pabulib,
)
from allocation.digest import digest
from allocation.pabulib import sections, sources
from tests.allocation.instances import SMALL_COMMITTEES

META = "META\nkey;value\nbudget;100\nvote_type;approval\n"
PROJECTS = "PROJECTS\nproject_id;cost;name\n1;60;Bench\n2;30;Tree\n3;20;Swing\n"
VOTES = "VOTES\nvoter_id;vote\na;1,2\nb;2\nc;2,1\n"
ELECTION = META + PROJECTS + VOTES


def groups(instance: Instance) -> dict[tuple[tuple[int, ...], tuple[int, ...], frozenset[int]], int]:
    return {(group.choices, group.values, group.recused): group.weight for group in instance.groups}


def meta(**keys: str) -> str:
    said = {"budget": "100", "vote_type": "approval"} | keys
    return "META\nkey;value\n" + "".join(f"{key};{value}\n" for key, value in said.items())


# What a file says ---------------------------------------------------------------------------------------------------


def test_an_election_is_read_whole() -> None:
    instance = read_pabulib(ELECTION)

    assert instance.budget == 100
    assert instance.candidates == (Candidate("1", 60, "Bench"), Candidate("2", 30, "Tree"), Candidate("3", 20, "Swing"))
    assert groups(instance) == {((0, 1), (), frozenset()): 2, ((1,), (), frozenset()): 1}
    assert instance.kind == BallotKind.APPROVAL
    assert instance.voters == 3
    assert instance.tie_order == (0, 1, 2)
    assert dict(instance.meta) == {"budget": "100", "vote_type": "approval"}


def test_a_path_a_text_bytes_and_lines_say_the_same(tmp_path: Path) -> None:
    file = tmp_path / "election.pb"
    file.write_text(ELECTION, encoding="utf-8")
    expected = read_pabulib(ELECTION)

    assert read_pabulib(file) == expected
    assert read_pabulib(str(file)) == expected
    assert read_pabulib(ELECTION.encode()) == expected
    assert read_pabulib(ELECTION.splitlines(keepends=True)) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ELECTION.replace("\n", "\r\n"), id="line ends of Windows"),
        pytest.param("\ufeff" + ELECTION, id="byte order mark"),
        pytest.param(ELECTION.rstrip("\n"), id="no final line end"),
        pytest.param(ELECTION.replace("\n", "\n\n"), id="blank lines"),
        pytest.param(ELECTION + "\n  \n;\n", id="blank lines at the end"),
        pytest.param(ELECTION.replace("META", "META;;").replace("VOTES", "VOTES;;"), id="padded by a spreadsheet"),
        pytest.param(ELECTION.replace("b;2\n", 'b;"2"\n'), id="a quoted vote"),
        pytest.param(ELECTION.replace("1;60;Bench", '"1";"60";"Bench"'), id="quoted columns"),
        pytest.param(ELECTION.replace("a;1,2", "a;1, 2"), id="a space after a comma"),
        pytest.param(ELECTION.replace("a;1,2", "a;1,2,1,1"), id="a project more than once on a ballot"),
        pytest.param(ELECTION.replace("a;1,2", "a;1,,2,"), id="a comma too many"),
        pytest.param(
            META + PROJECTS + "VOTES\nage;vote;voter_id;sex\n30;1,2;a;\n;2;b;F\n9;2,1;c;M\n",
            id="more columns in another order",
        ),
        pytest.param(
            META + "PROJECTS\nname;cost;votes;project_id\nBench;60;2;1\nTree;30;3;2\nSwing;20;0;3\n" + VOTES,
            id="project columns in another order",
        ),
        pytest.param(PROJECTS + META + VOTES, id="projects before meta"),
    ],
)
def test_oddities_of_real_files_change_nothing(text: str) -> None:
    instance = read_pabulib(text)

    assert instance.candidates == read_pabulib(ELECTION).candidates
    assert groups(instance) == {((0, 1), (), frozenset()): 2, ((1,), (), frozenset()): 1}


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_last_column_may_be_the_vote_or_not(ending: str, tmp_path: Path) -> None:
    file = tmp_path / "election.pb"
    file.write_bytes((META + PROJECTS + "VOTES\nvoter_id;vote\na;1,2\nb;2\nc;2,1").replace("\n", ending).encode())

    assert groups(read_pabulib(file)) == {((0, 1), (), frozenset()): 2, ((1,), (), frozenset()): 1}


def test_a_blank_ballot_is_a_voter_and_an_empty_row_is_none() -> None:
    instance = read_pabulib(ELECTION + "d;\n;\ne;\n")

    assert instance.voters == 5
    assert groups(instance)[(), (), frozenset()] == 2


def test_text_with_semicolons_and_line_breaks_may_stand_between_quotation_marks() -> None:
    text = ELECTION.replace("Bench", '"A ""bench""; two\nlines"').replace("budget", 'description;"a;b"\nbudget')

    instance = read_pabulib(text)

    assert instance.candidates[0].name == 'A "bench"; two\nlines'
    assert instance.meta["description"] == "a;b"


def test_a_value_in_meta_keeps_its_semicolons_even_without_quotation_marks() -> None:
    assert read_pabulib(ELECTION.replace("budget", "description;a;b\nbudget")).meta["description"] == "a;b"


@pytest.mark.parametrize("when", ["2018", "07.06.2021", "2021-06-07", "early June"])
def test_dates_may_have_any_form(when: str) -> None:
    assert read_pabulib(meta(date_begin=when) + PROJECTS + VOTES).meta["date_begin"] == when


def test_ids_need_not_be_numbers_and_ties_go_by_the_smallest_text() -> None:
    text = META + "PROJECTS\nproject_id;cost\n2;1\nBO.D1/24;1\n10;1\n" + "VOTES\nvoter_id;vote\na;BO.D1/24,10\n"

    instance = read_pabulib(text)

    assert groups(instance) == {((1, 2), (), frozenset()): 1}
    assert instance.tie_order == (2, 0, 1)


@pytest.mark.parametrize(
    ("budget", "cost", "scale", "units"),
    [
        ("100", "60", 1, (100, 60)),
        ("400000.0", "50000.00", 1, (400000, 50000)),
        ("2320560.88", "918000", 100, (232056088, 91800000)),
        ("100", "0.5", 10, (1000, 5)),
        ("1e3", "2.5e1", 1, (1000, 25)),
        ("+7", ".25", 100, (700, 25)),
        ("0", "0", 1, (0, 0)),
    ],
)
def test_amounts_are_exact_in_the_largest_unit_that_makes_all_of_them_whole(
    budget: str, cost: str, scale: int, units: tuple[int, int]
) -> None:
    instance = read_pabulib(meta(budget=budget) + f"PROJECTS\nproject_id;cost\n1;{cost}\n" + "VOTES\nvoter_id;vote\n")

    assert instance.scale == scale
    assert (instance.budget, instance.candidates[0].cost) == units


def test_a_project_dearer_than_the_budget_is_read_like_any_other() -> None:
    instance = read_pabulib(ELECTION.replace("1;60", "1;600"))

    assert instance.candidates[0].cost == 600
    assert allocate(instance, "greedy_votes").selected == (1, 2)


def test_what_was_really_funded_is_kept() -> None:
    text = META + "PROJECTS\nproject_id;cost;selected\n1;60;1\n2;30;0\n3;20;2\n" + VOTES

    assert read_pabulib(text).reported == frozenset({0})
    assert read_pabulib(ELECTION).reported is None


# Kinds of ballots ---------------------------------------------------------------------------------------------------


def test_choosing_one() -> None:
    instance = read_pabulib(meta(vote_type="choose-1") + PROJECTS + "VOTES\nvoter_id;vote\na;1\nb;1,1\nc;\n")

    assert instance.kind == BallotKind.CHOOSE_ONE
    assert groups(instance) == {((0,), (), frozenset()): 2, ((), (), frozenset()): 1}


def test_points_stand_beside_the_projects_and_are_added_up_when_one_is_named_twice() -> None:
    votes = "VOTES\nvoter_id;vote;points\na;2,1;3,1\nb;1,2;1,3\nc;3,3,3;1,1,2\nd;;\n"

    instance = read_pabulib(meta(vote_type="cumulative") + PROJECTS + votes)

    assert instance.kind == BallotKind.POINTS
    assert groups(instance) == {
        ((0, 1), (1, 3), frozenset()): 2,
        ((2,), (4,), frozenset()): 1,
        ((), (), frozenset()): 1,
    }


def test_points_with_decimals_stay_exact() -> None:
    votes = "VOTES\nvoter_id;vote;points\na;2,1;2.5,1\n"

    instance = read_pabulib(meta(vote_type="cumulative") + PROJECTS + votes)

    assert instance.value_scale == 10
    assert groups(instance) == {((0, 1), (10, 25), frozenset()): 1}
    assert allocate(instance, "greedy_points").trace[1].score == Fraction(5, 2)


def test_a_ranking_is_worth_max_length_for_the_first_place() -> None:
    text = meta(vote_type="ordinal", max_length="3") + PROJECTS + "VOTES\nvoter_id;vote\na;3,1\nb;2\n"

    instance = read_pabulib(text)

    assert instance.kind == BallotKind.RANKING
    assert groups(instance) == {((0, 2), (2, 3), frozenset()): 1, ((1,), (3,), frozenset()): 1}


def test_a_ranking_without_max_length_is_worth_its_own_length_for_the_first_place() -> None:
    instance = read_pabulib(meta(vote_type="ordinal") + PROJECTS + "VOTES\nvoter_id;vote\na;3,1\nb;2\n")

    assert groups(instance) == {((0, 2), (1, 2), frozenset()): 1, ((1,), (1,), frozenset()): 1}


def test_the_points_column_of_a_ranking_goes_before_its_places() -> None:
    votes = "VOTES\nvoter_id;vote;points\na;3,1;9,4\n"

    instance = read_pabulib(meta(vote_type="ordinal", max_length="3") + PROJECTS + votes)

    assert groups(instance) == {((0, 2), (4, 9), frozenset()): 1}


def test_scores_count_for_what_was_scored_and_may_be_negative() -> None:
    instance = read_pabulib(meta(vote_type="scoring") + PROJECTS + "VOTES\nvoter_id;vote;points\na;1,3;4,-2\n")

    assert instance.kind == BallotKind.SCORES
    assert groups(instance) == {((0, 2), (4, -2), frozenset()): 1}


def test_a_project_that_is_scored_twice_counts_the_first_time() -> None:
    instance = read_pabulib(meta(vote_type="scoring") + PROJECTS + "VOTES\nvoter_id;vote;points\na;1,1;4,2\n")

    assert groups(instance) == {((0,), (4,), frozenset()): 1}


def test_a_kind_that_the_vote_type_says_already_may_be_said_again() -> None:
    assert read_pabulib(meta(ballot_kind="approval") + PROJECTS + VOTES).kind == BallotKind.APPROVAL


def test_a_default_score_is_given_to_what_was_not_scored() -> None:
    votes = "VOTES\nvoter_id;vote;points;recused\na;1;4;2\n"

    instance = read_pabulib(meta(vote_type="scoring", default_score="1") + PROJECTS + votes)

    assert groups(instance) == {((0, 2), (4, 1), frozenset({1})): 1}


def test_yes_no_and_abstain() -> None:
    votes = "VOTES\nvoter_id;vote;against;abstained\na;1;2;3\nb;;1,2,3;\n"

    instance = read_pabulib(meta(ballot_kind="yes-no") + PROJECTS + votes)

    assert instance.kind == BallotKind.YES_NO
    assert groups(instance) == {
        ((0, 1, 2), (1, -1, 0), frozenset()): 1,
        ((0, 1, 2), (-1, -1, -1), frozenset()): 1,
    }


def test_pots_are_amounts_of_money() -> None:
    votes = "VOTES\nvoter_id;vote;points\na;1,2;12.50,7\n"

    instance = read_pabulib(meta(vote_type="cumulative", ballot_kind="pot") + PROJECTS + votes)

    assert instance.kind == BallotKind.POT
    assert (instance.scale, instance.budget) == (10, 1000)
    assert groups(instance) == {((0, 1), (125, 70), frozenset()): 1}


def test_the_smallest_amount_can_be_smaller_than_any_amount_in_the_file() -> None:
    text = meta(vote_type="cumulative", ballot_kind="pot", smallest_amount="0.01") + PROJECTS
    votes = "VOTES\nvoter_id;vote;points\na;1,2;12,7\n"

    assert read_pabulib(text + votes).scale == 100


def test_minimums_recusals_tie_order_and_the_rest_of_our_own() -> None:
    text = (
        meta(
            tie_order="3,1,2", quorum="2/3", majority="0.6", min_project_score_threshold="2", allocation_rule="majority"
        )
        + "PROJECTS\nproject_id;cost;minimum;excludes\n1;60;40.5;2\n2;30;;\n3;20;0;\n"
        + "VOTES\nvoter_id;vote;recused\na;1;2,3\nb;1;\n"
    )

    instance = read_pabulib(text)

    assert instance.scale == 10
    assert [candidate.minimum for candidate in instance.candidates] == [405, None, 0]
    assert groups(instance) == {((0,), (), frozenset({1, 2})): 1, ((0,), (), frozenset()): 1}
    assert instance.tie_order == (2, 0, 1)
    assert (instance.quorum, instance.majority) == (Fraction(2, 3), Fraction(3, 5))
    assert instance.threshold == 2
    assert instance.declared_rule == "majority"
    assert instance.exclusions == (frozenset({0, 1}),)


def test_a_majority_of_nothing_is_a_majority_too() -> None:
    assert read_pabulib(meta(majority="0") + PROJECTS + VOTES).majority == 0
    assert read_pabulib(ELECTION).majority == Fraction(1, 2)


def test_ties_may_be_left_unbroken() -> None:
    assert read_pabulib(meta(tie_order="none") + PROJECTS + VOTES).tie_order is None


# Sizes --------------------------------------------------------------------------------------------------------------


def test_many_voters_with_few_different_ballots_take_few_groups() -> None:
    lines = [*(META + PROJECTS).splitlines(keepends=True), "VOTES\n", "voter_id;vote\n"]
    lines += [f"{number};{1 + number % 3}\n" for number in range(9_000)]
    seen: list[int] = []

    instance = read_pabulib(lines, progress=lambda done, _total: seen.append(done))

    assert groups(instance) == {((position,), (), frozenset()): 3_000 for position in range(3)}
    assert seen == [2_000, 4_000, 6_000, 8_000, 9_000]


def test_quotation_marks_far_down_a_file_are_read_like_those_at_the_top() -> None:
    lines = [*(META + PROJECTS).splitlines(keepends=True), "VOTES\n", "voter_id;vote;why\n"]
    lines += [f"{number};1;\n" for number in range(4_500)] + ['x;"1,2";"a\nb"\n', "y;1,2;\n"]

    assert groups(read_pabulib(lines)) == {((0,), (), frozenset()): 4_500, ((0, 1), (), frozenset()): 2}


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.pb"
    with file.open("wb") as huge:
        huge.truncate(sources.LARGEST_FILE + 1)

    with pytest.raises(PabulibError, match=r"^the file is 1,024 MB and files of up to 1,024 MB are read"):
        read_pabulib(file)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (META + "x" + ";" * 200 + "\n" + PROJECTS + VOTES, 5),
        (ELECTION + "x" + ";" * 200 + "\n", 15),
        (ELECTION + '"x"' + ";" * 200 + "\n", 15),
    ],
)
def test_a_line_without_end_is_refused_before_it_is_split(
    text: str, line: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sections, "LONGEST_LINE", 100)

    with pytest.raises(
        PabulibError, match=r"this line has \d+ characters; the file is damaged, or is no .pb file"
    ) as raised:
        read_pabulib(text)

    assert raised.value.line == line


def test_the_garbage_collector_is_left_as_it_was() -> None:
    read_pabulib(ELECTION)
    with pytest.raises(PabulibError):
        read_pabulib(META)
    assert gc.isenabled()

    gc.disable()
    try:
        read_pabulib(ELECTION)
        assert not gc.isenabled()
    finally:
        gc.enable()


# Broken files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is no such file"),
        ("\n", "the file is empty; a .pb file has the sections META, PROJECTS and VOTES"),
        ("\n \n;;\n", "the file is empty; a .pb file has the sections META, PROJECTS and VOTES"),
        ("hello\nworld\n", "line 1: this is not a .pb file: it must start with the word META alone on a line, not"),
        (PROJECTS + VOTES, "line 6: the section META is missing; it must stand above VOTES, with the word META alone"),
        (META + VOTES, "line 5: the section PROJECTS is missing; it must stand above VOTES"),
        (META + PROJECTS, "the section VOTES is missing; put the word VOTES alone on a line above it"),
        (META + META + PROJECTS + VOTES, "line 5: the section META is there twice; keep one of them"),
        (META + PROJECTS + "VOTES\n", "line 10: the line with column names is missing under VOTES"),
        (META + PROJECTS + "VOTES\nvoter_id;choice\n", "line 11: VOTES has no column called vote; name it in the"),
        (META + PROJECTS + "VOTES\nvoter_id,vote\n",
         "line 11: VOTES has no column called vote; name it in the heading and separate columns with semicolons"),
        (META + PROJECTS + "VOTES\nvote;vote\n", "line 11: the column vote is there twice under VOTES"),
        (META + "PROJECTS\n" + VOTES, "PROJECTS is empty; it needs a heading such as project_id;cost;name"),
        (META + "PROJECTS\nproject_id;name\n" + VOTES, "line 6: PROJECTS has no column called cost"),
        (META + "PROJECTS\nproject_id;cost;cost\n" + VOTES, "line 6: the column cost is there twice under PROJECTS"),
        (ELECTION.replace("budget;100\n", ""), "META has no budget; add a line such as budget;100000"),
        (ELECTION.replace("budget;100\n", "budget;\n"), "line 3: the budget is wrong: nothing is filled in"),
        (ELECTION.replace("budget;100\n", "budget;-100\n"), "line 3: the budget is negative; write the amount that"),
        (ELECTION.replace("budget;100\n", "budget;lots\n"), "line 3: the budget is wrong: 'lots' is not a number such"),
        (ELECTION.replace("budget;100\n", "budget;1,000\n"),
         "line 3: the budget is wrong: '1,000' is not a number such as 1500 or 1500.50; write decimals with a point"),
        (ELECTION.replace("budget;100\n", "budget;nan\n"), "line 3: the budget is wrong: 'nan' is not a number"),
        (ELECTION.replace("budget;100\n", "budget;1e99\n"), "line 3: the budget is wrong: '1e99' is absurdly large"),
        (ELECTION.replace("budget;100\n", "budget;" + "9" * 40 + "\n"), "line 3: the budget is wrong: '999999999"),
        (ELECTION.replace("budget;100\n", "budget;1e-13\n"), "line 3: the budget is wrong: '1e-13' has more than 12"),
        (ELECTION.replace("budget;100\n", "budget;100\nbudget;200\n"), "line 4: META gives budget twice (first on"),
        (ELECTION.replace("budget;100\n", "budget;100\n;200\n"), "line 4: this line of META has a value and no key"),
        (ELECTION.replace("vote_type;approval\n", ""), "META has no vote_type; add a line such as vote_type;approval"),
        (ELECTION.replace("approval", "guessing"), "line 4: 'guessing' is not a vote_type; choose one of approval"),
        (meta(ballot_kind="pot") + PROJECTS + VOTES, "line 5: ballot_kind 'pot' does not go with vote_type approval"),
        (meta(tie_order="1,2") + PROJECTS + VOTES, "line 5: tie_order must name every project id exactly once"),
        (meta(quorum="3") + PROJECTS + VOTES, "line 5: quorum must be a part of the whole between 0 and 1"),
        (meta(quorum="1/0") + PROJECTS + VOTES, "line 5: quorum must be a part of the whole between 0 and 1"),
        (meta(smallest_amount="5") + PROJECTS + VOTES, "line 5: smallest_amount must be 1, 0.1, 0.01 and so on"),
        (meta(num_votes="many") + PROJECTS + VOTES, "line 5: num_votes is wrong: 'many' is not a number"),
        (meta(max_length="2.5") + PROJECTS + VOTES, "line 5: max_length must be a whole number, 0 or more"),
        (ELECTION.replace("2;30", "1;30"), "line 8: project '1' is there twice (first on line 7); give each"),
        (ELECTION.replace("2;30", ";30"), "line 8: this project has no project_id; give it one"),
        (ELECTION.replace("2;30", '"2,5";30'), "line 8: the id '2,5' has a comma in it"),
        (ELECTION.replace("2;30", "2;-30"), "line 8: the cost of project '2' is negative; write what it costs"),
        (ELECTION.replace("2;30", "2;"), "line 8: the cost of project '2' is wrong: nothing is filled in"),
        (ELECTION.replace("Tree", "Tree; big"), "line 8: this line has 4 columns and the heading of PROJECTS has 3"),
        (ELECTION.replace(";name", ";minimum").replace("Bench", "61").replace("Tree", "").replace("Swing", ""),
         "line 7: the minimum of project '1' must lie between 0 and what it costs"),
        (ELECTION.replace(";name", ";excludes"), "line 7: project '1' excludes 'Bench', which is not another project"),
        (ELECTION.replace("b;2", "b;2,9"), "line 13: this ballot names project '9', which does not stand under"),
        (ELECTION.replace("b;2", 'b;"2,9"'), "line 13: this ballot names project '9', which does not stand under"),
        (ELECTION.replace("b;2", "b"), "line 13: this line has 1 column and the heading of VOTES has 2"),
        (ELECTION.replace("b;2", "b;2;x"), "line 13: this line has 3 columns and the heading of VOTES has 2"),
        (ELECTION.replace("b;2", '"x\ny";2\nb;2;z'), "line 15: this line has 3 columns and the heading of VOTES has 2"),
        (ELECTION.replace("b;2", 'b;"2'), "line 13: a quotation mark is opened and not properly closed"),
        (ELECTION.replace("b;2", 'b;"2"x'), "line 13: a quotation mark is opened and not properly closed"),
        (ELECTION.replace("b;2", 'b;"' + "2," * 70_000), "line 13: one column holds more than 131,072 characters"),
        (ELECTION.replace("Tree", '"' + "Tree" * 40_000), "line 8: one column holds more than 131,072 characters"),
        (ELECTION.replace("Tree", '"Tree'), "the section VOTES is missing; put the word VOTES alone on a line"),
        (meta(vote_type="choose-1") + PROJECTS + VOTES, "line 12: this ballot names 2 projects, and in this election"),
        (meta(vote_type="cumulative") + PROJECTS + VOTES, "line 11: VOTES has no column called points, and on these"),
        (meta(vote_type="cumulative") + PROJECTS + "VOTES\nvoter_id;vote;points\na;1,2;3\n",
         "line 12: this ballot names 2 projects and gives points 1 times; there must be one number for each project"),
        (meta(vote_type="cumulative") + PROJECTS + "VOTES\nvoter_id;vote;points\na;1,2;3,x\n",
         "line 12: the points are wrong: 'x' is not a number"),
        (meta(vote_type="cumulative") + PROJECTS + "VOTES\nvoter_id;vote;points\na;1,2;3,-1\n",
         "line 12: points are negative; on these ballots they must be 0 or more"),
        (meta(ballot_kind="yes-no") + PROJECTS + "VOTES\nvoter_id;vote;against\na;1,2;2\n",
         "line 13: one project is answered in two ways; keep one of the answers"),
        (META + PROJECTS + "VOTES\nvoter_id;vote;recused\na;1,2;2\n",
         "line 12: this voter stepped back from a project and votes on it too; remove it from one column"),
    ],
)  # fmt: skip
def test_what_is_broken_is_named_with_its_line_and_how_to_mend_it(text: str, message: str) -> None:
    if not text:
        with pytest.raises(PabulibError, match="the file is empty"):
            read_pabulib(b"")
        return

    with pytest.raises(PabulibError) as raised:
        read_pabulib(text)

    assert str(raised.value)[: len(message)] == message


def test_the_line_of_a_mistake_far_down_is_right() -> None:
    lines = [*(META + PROJECTS).splitlines(keepends=True), "VOTES\n", "voter_id;vote\n"]
    lines += [f"{number};1\n" for number in range(5_000)]
    lines[4_321] = "x;nine\n"

    with pytest.raises(PabulibError) as raised:
        read_pabulib(lines)

    assert raised.value.line == 4_322


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            ELECTION.replace("Tree", "Café").encode("latin-1"),
            "line 8: this line is not UTF-8 text; save the file again",
        ),
        (ELECTION.encode("utf-16"), "this is not a text file; give a .pb file, saved as plain text with the encoding"),
        (bytes(range(256)) * 50, "this is not a text file; give a .pb file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "line 1: this line is not UTF-8 text"),
        (b"", "the file is empty; a .pb file has the sections META, PROJECTS and VOTES"),
    ],
)
def test_what_is_no_text_is_refused_in_plain_words(content: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "election.pb"
    file.write_bytes(content)

    with pytest.raises(PabulibError) as from_file:
        read_pabulib(file)
    with pytest.raises(PabulibError) as from_bytes:
        read_pabulib(content)

    assert str(from_file.value)[: len(message)] == message or "not a text file" in str(from_file.value)
    assert str(from_bytes.value)[: len(message)] == message


def test_bytes_that_stop_being_text_halfway_are_placed(tmp_path: Path) -> None:
    file = tmp_path / "election.pb"
    file.write_bytes(ELECTION.encode() + b"d;1\n" * 9_000 + b"\xff\xfe;1\n")

    with pytest.raises(PabulibError) as raised:
        read_pabulib(file)

    assert raised.value.line == 9_015


def test_devices_are_no_files() -> None:
    with pytest.raises(PabulibError, match="this is a device and not a file"):
        read_pabulib(Path(os.devnull))


def test_a_pipe_can_be_read(tmp_path: Path) -> None:
    assert read_pabulib(piped(tmp_path, ELECTION)) == read_pabulib(ELECTION)


def test_a_pipe_that_never_ends_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LARGEST_FILE", 100)

    with pytest.raises(PabulibError, match="there is no end to this"):
        read_pabulib(piped(tmp_path, ELECTION))


def piped(folder: Path, text: str) -> Path:
    """A named pipe through which the text comes."""
    pipe = folder / "pipe"
    os.mkfifo(pipe)

    def write() -> None:
        pipe.write_text(text, encoding="utf-8")

    threading.Thread(target=write, daemon=True).start()
    return pipe


CUMULATIVE = meta(vote_type="cumulative") + PROJECTS + "VOTES\nvoter_id;vote;points\na;1,2;2,1\nb;3;3\n"
PIECES = ("", ";", ",", '"', "\n", "\r", "VOTES", "META\n", "-", "1e5", "9", "é", "\0", "recused", " ", "\ufeff")


@given(
    st.sampled_from((ELECTION, CUMULATIVE)),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 5), st.sampled_from(PIECES)), max_size=4),
)
def test_whatever_is_wrong_with_a_file_it_is_read_or_refused_in_words(
    text: str, changes: list[tuple[int, int, str]]
) -> None:
    for start, length, piece in changes:
        text = text[:start] + piece + text[start + length :]

    try:
        instance = read_pabulib(text.encode(), warn=lambda _: None)
    except PabulibError:
        return

    assert instance.budget >= 0
    assert len({candidate.id for candidate in instance.candidates}) == len(instance.candidates)


@pytest.mark.parametrize(
    ("key", "said", "message"),
    [
        ("num_votes", "4", "line 5: META says num_votes 4, but the file has 3 votes; counting those"),
        ("num_projects", "2", "line 5: META says num_projects 2, but the file has 3 projects; counting those"),
    ],
)
def test_a_number_that_does_not_match_is_told_and_the_file_is_counted(key: str, said: str, message: str) -> None:
    told: list[str] = []

    instance = read_pabulib(meta(**{key: said}) + PROJECTS + VOTES, warn=told.append)

    assert instance.voters == 3
    assert told == [message]


# Writing ------------------------------------------------------------------------------------------------------------


def written(instance: Instance, rule: str | None = None) -> str:
    file = io.StringIO()
    write_pabulib(instance, file, allocate(instance, rule) if rule else None)
    return file.getvalue()


def test_an_ordinary_election_is_written_as_pabulib_has_it() -> None:
    instance = read_pabulib(meta(description="Test", currency="EUR", rule="greedy") + PROJECTS + VOTES)

    assert written(instance, "greedy_votes") == (
        "META\nkey;value\ndescription;Test\nnum_projects;3\nnum_votes;3\nbudget;100\nvote_type;approval\nrule;greedy\n"
        "currency;EUR\n"
        "PROJECTS\nproject_id;cost;votes;name;selected\n1;60;2;Bench;1\n2;30;3;Tree;1\n3;20;0;Swing;0\n"
        "VOTES\nvoter_id;vote\n1;1,2\n2;1,2\n3;2\n"
    )


def test_what_pabulib_has_no_place_for_stands_in_columns_of_our_own() -> None:
    instance = Instance(
        budget=1000,
        candidates=(Candidate("a", 600, 'The "Bench"', 250), Candidate("b", 900, "x;y")),
        groups=(BallotGroup((0, 1), (1, -1), 1, frozenset()), BallotGroup((1,), (0,), 2, frozenset({0}))),
        kind=BallotKind.YES_NO,
        scale=100,
        tie_order=None,
        declared_rule="majority",
        quorum=Fraction(1, 2),
        majority=Fraction(2, 3),
        exclusions=(frozenset({0, 1}),),
    )

    assert written(instance) == (
        "META\nkey;value\nnum_projects;2\nnum_votes;3\nbudget;10\nvote_type;approval\nrule;unknown\n"
        "allocation_rule;majority\nballot_kind;yes-no\ntie_order;none\nquorum;1/2\nmajority;2/3\n"
        "PROJECTS\nproject_id;cost;votes;name;minimum;excludes\n"
        'a;6;1;"The ""Bench""";2.5;b\nb;9;0;"x;y";;a\n'
        "VOTES\nvoter_id;vote;against;abstained;recused\n1;a;b;;\n2;;;b;a\n3;;;b;a\n"
    )


def test_amounts_are_written_when_something_was_funded_in_part() -> None:
    instance = read_pabulib(
        META + "PROJECTS\nproject_id;cost;minimum\n1;80;\n2;60;10\n" + "VOTES\nvoter_id;vote\na;1\n"
    )

    assert (
        written(instance, "greedy_votes_partial")
        .split("PROJECTS\n")[1]
        .startswith("project_id;cost;votes;name;selected;amount;minimum\n1;80;1;;1;80;\n2;60;0;;1;20;10\n")
    )


def test_pots_are_divided_in_the_same_smallest_amount_again() -> None:
    pots = Instance(
        10_000, (Candidate("a", 9_000, minimum=0),), (BallotGroup((0,), (500,)),), BallotKind.POT, 100, tie_order=(0,)
    )

    again = read_pabulib(written(pots))

    assert (again.scale, again.budget, groups(again)) == (100, 10_000, groups(pots))


def test_what_was_really_funded_survives() -> None:
    text = META + "PROJECTS\nproject_id;cost;selected\n1;60;1\n2;30;0\n3;20;0\n" + VOTES

    assert read_pabulib(written(read_pabulib(text))).reported == frozenset({0})


@pytest.mark.parametrize("name", ["", "a,b", " a"])
def test_an_id_that_a_ballot_cannot_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the id of a project"):
        written(Instance(1, (Candidate(name, 1),), ()))


@given(SMALL_COMMITTEES)
def test_what_is_written_and_read_again_counts_to_the_same_digest(instance: Instance) -> None:
    again = read_pabulib(written(instance))

    for rule in rules_that_work(instance):
        assert digest(again, allocate(again, rule)) == digest(instance, allocate(instance, rule))


def rules_that_work(instance: Instance) -> Iterator[str]:
    for rule in ("greedy_votes", "greedy_points", "majority", "average_pot"):
        try:
            allocate(instance, rule)
        except AllocationError:
            continue
        yield rule


@pytest.mark.parametrize(
    ("rule", "rule_line"),
    [
        ("greedy_votes", "rule;greedy\nallocation_rule;greedy_votes\n"),
        ("mes_cost_add1", "rule;equalshares/add1\nallocation_rule;mes_cost_add1\n"),
        ("average_pot", "rule;unknown\nallocation_rule;average_pot\n"),
        ("", "rule;unknown\n"),
    ],
)
def test_a_declared_rule_of_ours_is_written_in_the_words_of_pabulib_too(rule: str, rule_line: str) -> None:
    instance = Instance(1, (Candidate("a", 1),), (BallotGroup((0,)),), tie_order=(0,), declared_rule=rule)

    text = written(instance)

    assert rule_line in text
    assert read_pabulib(text).declared_rule == (rule or "unknown")
