"""The command line: ``python -m allocation FILE.pb … [--rule NAME] [--compare] [--explain] [--json]``."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from allocation import RULES, tables
from allocation import progress as progress_on_screen
from allocation.__main__ import main

ROOT = Path(__file__).parents[2]
META = (
    "META\nkey;value\ndescription;Test\nnum_projects;3\nnum_votes;5\nbudget;{budget}\nvote_type;approval\nrule;{rule}\n"
)
PROJECTS = "PROJECTS\nproject_id;cost;name{more}\n2;60;Bench{two}\n1;60;Tree{one}\n3;40.50;Swing{three}\n"
VOTES = "VOTES\nvoter_id;vote\na;1,2\nb;2,1\nc;3\nd;1,2\ne;3,1,2\n"


@pytest.fixture(autouse=True)
def _wide_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def election(tmp_path: Path) -> Path:
    return write(tmp_path / "election.pb")


def write(
    path: Path, *, budget: str = "101", rule: str = "greedy", selected: tuple[str, str, str] | None = None
) -> Path:
    two, one, three = (f";{cell}" for cell in selected) if selected else ("", "", "")
    projects = PROJECTS.format(more=";selected" if selected else "", two=two, one=one, three=three)
    path.write_text(META.format(budget=budget, rule=rule) + projects + VOTES, encoding="utf-8")
    return path


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


# Tables -------------------------------------------------------------------------------------------------------------


def test_an_election_is_counted_by_the_rule_that_it_declares(
    election: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([str(election)])

    shown = capsys.readouterr()
    assert code == 0
    assert shown.err == ""
    digest = shown.out.strip().rpartition(" ")[2]
    assert shown.out == (
        f"{election}: Test\n"
        "Budget 101.0, 3 projects, 5 ballots (approval)\n"
        "Rule: greedy_votes (the file declares greedy)\n"
        "\n"
        "   id  project  votes  cost  given\n"
        "1  2   Bench        4  60.0   60.0\n"
        "2  3   Swing        2  40.5   40.5\n"
        "   1   Tree         4  60.0      -  did not fit\n"
        "\n"
        "Given 100.5 (99.5%) to 2 projects; 0.5 is left\n"
        f"Digest {digest}\n"
        "\n"
    )
    assert len(digest) == 64


def test_a_rule_that_is_asked_for_goes_before_the_declared_one(
    election: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(election), "--rule", "mes_cost"])

    assert "\nRule: mes_cost\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            "unknown",
            "Rule: greedy_votes (the file declares 'unknown', so this one was chosen; choose another with --rule)",
        ),
        ("", "Rule: greedy_votes (the file declares no rule, so this one was chosen; choose another with --rule)"),
        ("equalshares", "Rule: mes_cost (the file declares equalshares)"),
        ("equalshares/add1-comparison", "Rule: mes_cost_add1_compared (the file declares equalshares/add1-comparison)"),
        ("phragmen", "Rule: phragmen (the file declares phragmen)"),
    ],
)
def test_it_says_which_rule_was_run_and_why(
    rule: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(write(tmp_path / "election.pb", rule=rule))])

    assert capsys.readouterr().out.splitlines()[2] == said


def test_it_says_what_the_file_asks_for_and_is_not_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(write(tmp_path / "election.pb", rule="greedy\nleftover_budget;Ask the mayor"))])

    assert capsys.readouterr().out.splitlines()[3] == (
        "The file also says what was done with the money that was left, which is not applied here"
    )


@pytest.mark.parametrize(
    ("selected", "said"),
    [
        (("1", "0", "1"), "The file says that just this was really funded"),
        (("0", "1", "2"), "The file says that this was really funded as well: 1; and this was not: 2, 3"),
        (("1", "1", "1"), "The file says that this was really funded as well: 1; and this was not: nothing"),
    ],
)
def test_it_says_whether_the_city_did_the_same(
    selected: tuple[str, str, str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(write(tmp_path / "election.pb", selected=selected))])

    assert said in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("votes", "said"),
    [
        ("VOTES\nvoter_id;vote\n", "There are no ballots, so this says nothing about what people want"),
        ("VOTES\nvoter_id;vote\na;\nb;\n", "All ballots are blank, so this says nothing about what people want"),
    ],
)
def test_an_election_without_a_single_tick_has_an_outcome_and_a_warning(
    votes: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "election.pb"
    file.write_text("META\nkey;value\nbudget;0\nvote_type;approval\nPROJECTS\nproject_id;cost\n1;5\n" + votes, "utf-8")

    assert main([str(file)]) == 0
    assert said in capsys.readouterr().out.splitlines()


def test_a_score_that_is_not_the_number_of_votes_has_a_column(
    election: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(election), "--rule", "greedy_votes_per_cost"])

    assert "   id  project  votes  score  cost  given" in capsys.readouterr().out.splitlines()


def test_long_and_wide_names_are_cut_to_fit_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    file = write(tmp_path / "election.pb")
    text = file.read_text(encoding="utf-8").replace("Bench", "長い名前" * 20).replace("Tree", "cafe\u0301 " * 40)
    file.write_text(text, encoding="utf-8")

    main([str(file)])

    rows = capsys.readouterr().out.splitlines()[4:8]
    assert max(map(tables._width, rows)) <= 70
    assert sum("…" in row for row in rows) == 2


def test_a_comparison_can_be_explained(election: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(election), "--compare", "--explain"])

    lines = capsys.readouterr().out.splitlines()
    assert "Rule: greedy_votes (the file declares greedy)" in lines
    assert "Rule: welfare_votes" in lines


def test_rules_that_take_the_same_do_not_differ_on_anything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "election.pb"
    text = "META\nkey;value\nbudget;9\nvote_type;approval\nPROJECTS\nproject_id;cost\n1;5\nVOTES\nvoter_id;vote\na;1\n"
    file.write_text(text, encoding="utf-8")

    main([str(file), "--compare"])

    assert capsys.readouterr().out.splitlines()[-2:] == [
        "All these rules take 1 project, and none of them takes 0 others",
        "",
    ]


def test_explanations_stand_under_each_project(election: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(election), "--explain"])

    lines = capsys.readouterr().out.splitlines()
    assert lines[6].startswith("    Funded as number 1: 4 supporters")
    assert lines[12].startswith("    Not funded:")


def test_several_files_are_counted_after_one_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(write(tmp_path / name)) for name in ("one.pb", "two.pb")]

    code = main(files)

    titles = [line for line in capsys.readouterr().out.splitlines() if line.endswith(": Test")]
    assert code == 0
    assert titles == [f"{file}: Test" for file in files]


def test_rules_are_compared_side_by_side(election: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(election), "--compare"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[3].split() == ["rule", "projects", "given", "left", "used", "voters", "with", "something", "as", "1"]
    assert lines[4].split() == ["1", "declared", "(greedy_votes)", "2", "100.5", "0.5", "99.5%", "100.0%"]
    compared = {line.split()[1] for line in lines[5 : lines.index("", 5)]}
    assert compared == {name for name, rule in RULES.items() if "approval" in rule.kinds}
    assert "All these rules take 0 projects, and none of them takes 0 others. They differ on:" in lines


# JSON ---------------------------------------------------------------------------------------------------------------


def test_json_is_one_object_per_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(write(tmp_path / name)) for name in ("one.pb", "two.pb")]

    main([*files, "--json", "--rule", "greedy_votes"])

    first, second = objects(capsys.readouterr().out)
    assert first == {
        "file": files[0],
        "rule": "greedy_votes",
        "budget": "101",
        "selected": ["1", "3"],
        "amounts": {"1": "60", "3": "40.5"},
        "spent": "100.5",
        "digest": second["digest"],
    }
    assert second["file"] == files[1]


def test_the_declared_rule_breaks_ties_in_the_order_of_the_file(
    election: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(election), "--json"])

    (counted,) = objects(capsys.readouterr().out)
    assert (counted["rule"], counted["selected"]) == ("declared", ["2", "3"])


def test_json_can_compare_and_explain(election: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(election), "--json", "--compare", "--explain"])

    counted = objects(capsys.readouterr().out)
    assert counted[0]["rule"] == "declared"
    assert {one["rule"] for one in counted[1:]} == {name for name, rule in RULES.items() if "approval" in rule.kinds}
    assert all(set(one["explanation"]) == {"1", "2", "3"} for one in counted)


# What goes wrong ----------------------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_counted_is_told_and_the_others_are_counted(
    election: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = write(tmp_path / "broken.pb", budget="-5")
    loop = tmp_path / "loop.pb"
    loop.symlink_to(loop)

    code = main([str(broken), str(tmp_path / "none.pb"), str(tmp_path), str(loop), str(election), "--json"])

    shown = capsys.readouterr()
    assert code == 1
    assert [one["file"] for one in objects(shown.out)] == [str(election)]
    assert shown.err.splitlines() == [
        f"{broken}: line 6: the budget is negative; write the amount that can be divided",
        f"{tmp_path / 'none.pb'}: there is no such file",
        f"{tmp_path}: this is a folder; give a .pb file",
        f"{loop}: the file cannot be opened (Too many levels of symbolic links)",
    ]


def test_numbers_that_do_not_match_are_told_on_the_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "election.pb")
    file.write_text(file.read_text(encoding="utf-8").replace("num_votes;5", "num_votes;6"), encoding="utf-8")

    assert main([str(file), "--json"]) == 0
    assert (
        capsys.readouterr().err == f"{file}: line 5: META says num_votes 6, but the file has 5 votes; counting those\n"
    )


def test_a_rule_that_does_not_suit_the_ballots_is_told(election: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(election), "--rule", "average_pot"]) == 1
    assert capsys.readouterr().err == (
        f"{election}: the rule average_pot cannot count ballots of the kind approval; it counts pot\n"
    )


def test_a_declared_rule_that_is_not_known_is_told_when_it_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "election.pb", rule="lottery")

    assert main([str(file), "--rule", "declared"]) == 1
    assert capsys.readouterr().err.startswith(
        f"{file}: this election declares the rule 'lottery', which cannot be repeated; choose one of average_pot, "
    )


def test_a_tie_that_nothing_breaks_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "election.pb", rule="greedy\ntie_order;none")

    assert main([str(file)]) == 1
    assert capsys.readouterr().err == f"{file}: exactly tied, and no tie-break is given: 2, 1\n"


def test_rules_that_meet_a_tie_are_left_out_of_a_comparison(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "election.pb", rule="unknown\ntie_order;none")

    assert main([str(file), "--compare"]) == 0
    shown = capsys.readouterr()
    assert f"{file}: greedy_votes: exactly tied, and no tie-break is given: 2, 1" in shown.err.splitlines()
    assert main([str(file), "--compare", "--rule", "greedy_votes"]) == 1


@pytest.mark.parametrize("arguments", [[], ["--rule", "gready", "x.pb"], ["--colour", "x.pb"]])
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)

    assert stopped.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m allocation")


def test_an_unknown_rule_is_told_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--rule", "gready", "x.pb"])

    said = capsys.readouterr().err
    assert all(name in said for name in (*RULES, "declared"))


def run(*arguments: str, input_: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "allocation", *arguments], cwd=ROOT, capture_output=True, check=False, input=input_
    )


def test_the_module_runs_by_itself_and_its_exit_code_is_that_of_the_count(election: Path) -> None:
    assert run(str(election), "--json").returncode == 0
    assert run("none.pb").returncode == 1
    assert run("--rule", "x", "y").returncode == 2


def test_an_election_can_come_through_a_pipe(election: Path) -> None:
    counted = run("/dev/stdin", "--json", input_=election.read_bytes())

    assert objects(counted.stdout.decode())[0]["spent"] == "100.5"


def test_a_reader_that_walks_away_is_no_error(election: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "allocation", *[str(election)] * 200],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()

    assert (process.returncode, said) == (0, b"")


def test_nothing_is_said_to_a_reader_that_walked_away(election: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody, pipe = os.pipe()
    os.close(nobody)
    with os.fdopen(pipe, "w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)

        assert main([str(election)] * 100) == 0
        assert main([str(election)]) == 0


def test_a_file_that_takes_too_much_memory_is_told(
    election: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def too_much(*_arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Path, "open", too_much)

    assert main([str(election)]) == 1
    assert capsys.readouterr().err == f"{election}: there is not enough memory to count this file\n"


def test_output_can_go_to_something_that_is_no_real_stream(election: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = io.StringIO()
    monkeypatch.setattr(sys, "stdout", kept)

    main([str(election), "--json"])

    assert objects(kept.getvalue())[0]["rule"] == "declared"


def test_a_screen_that_cannot_show_a_letter_shows_the_rest(election: Path) -> None:
    election.write_text(election.read_text(encoding="utf-8").replace("Bench", "Ławka"), encoding="utf-8")

    counted = subprocess.run(
        [sys.executable, "-m", "allocation", str(election)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": "ascii"},
    )

    assert counted.returncode == 0
    assert b"?awka" in counted.stdout


def test_whoever_stops_the_count_is_not_shown_a_traceback(
    election: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(self: progress_on_screen.Ticker) -> progress_on_screen.Ticker:
        raise KeyboardInterrupt

    monkeypatch.setattr(progress_on_screen.Ticker, "__enter__", stop)

    assert main([str(election)]) == 130
    assert capsys.readouterr().err == "stopped\n"


# Progress -----------------------------------------------------------------------------------------------------------


def test_long_work_shows_how_far_it_is_on_a_terminal_and_wipes_it_afterwards(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(progress_on_screen, "PATIENCE", 0.0)
    monkeypatch.setattr(progress_on_screen, "PAUSE", 0.0)

    with progress_on_screen.Ticker("reading", "ballots") as ticker:
        ticker(2_000, None)
        ticker(4_000, 9_000)

    shown = capsys.readouterr().err
    assert shown == "\rreading: 2,000 ballots\rreading: 4,000 of 9,000 ballots\r" + " " * 31 + "\r"


def test_nothing_is_shown_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_on_screen.Ticker("reading", "ballots") as ticker:
        ticker(2_000, None)

    assert capsys.readouterr().err == ""
