"""Real Dutch elections: what the city funded stands on the page of the round."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client


def _imported(path: Path) -> str:
    out = io.StringIO()
    call_command("import_round", path, compare=False, stdout=out, stderr=io.StringIO(), address="")
    return out.getvalue().splitlines()[-1]


def _projects(path: Path) -> list[dict[str, str]]:
    text = path.read_text(encoding="utf-8-sig").split("PROJECTS", 1)[1].split("VOTES", 1)[0]
    return list(csv.DictReader(io.StringIO(text.strip()), delimiter=";"))


def _funded_on_page(client: Client, address: str) -> set[str]:
    """The references of the proposals under the heading of what gets money."""
    page = client.get(address).content.decode()
    funded = page.split('id="funded"', 1)[1].split("</table>", 1)[0]
    return set(re.findall(r'/proposals/([^/"]+)/"', funded))


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fund.queries.engine.counts.SMALL", 0)
    monkeypatch.setattr("fund.queries.engine.counts.NEXT_IN_ROW", 0)


def test_the_page_of_assen_shows_exactly_what_assen_funded(db: None, elections_dir: Path, client: Client) -> None:
    path = elections_dir / "Netherlands_Assen_2024.pb"

    address = _imported(path)

    really = {project["project_id"] for project in _projects(path) if project["selected"] == "1"}
    assert len(really) == 9
    assert _funded_on_page(client, address) == really


@pytest.mark.parametrize("number", ["289", "491", "643"])
def test_the_page_of_an_amsterdam_neighbourhood_shows_the_outcome_of_its_rule(
    db: None, elections_dir: Path, client: Client, number: str
) -> None:
    name = f"Netherlands_Amsterdam_{number}.pb"
    expected = json.loads((elections_dir.parent / "expected.json").read_text(encoding="utf-8"))["files"]
    by_file = {Path(path).name: rules for path, rules in expected.items()}

    address = _imported(elections_dir / name)

    assert _funded_on_page(client, address) == set(by_file[name]["greedy_votes"]["selected"])
