"""Elections as files: reading one that was held elsewhere, writing one of our own for anyone to count again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from allocation import AllocationError, BallotGroup, Candidate, Instance, PabulibError, allocate, read_pabulib
from allocation.amounts import amount_text
from allocation.pabulib import write_pabulib
from allocation.pabulib.sections import Sections
from fund.queries.engine.elections import BALLOT_TYPES, CENTS, Election, engine_rule
from rounds.models import AllocationRule, BallotType

# What the rules that cities declare are called here. All others are counted as declared, by their own name.
SAME_RULE = {"equalshares/add1": AllocationRule.MES_COST_ADD1, "equalshares": AllocationRule.MES_COST}
NOT_SAID = frozenset({"", "unknown"})


class UnreadableElection(Exception):
    """The file cannot be brought in; the message is for people and names the line where it can."""


@dataclass(frozen=True)
class ElectionFile:
    """An election as read from a file, in the words of the database. Money in cents.

    `details` maps project id to the other columns of its row, by lower-case heading.
    """

    instance: Instance
    details: Mapping[str, Mapping[str, str]]

    @property
    def meta(self) -> Mapping[str, str]:
        """What the file says about itself."""
        return self.instance.meta

    @property
    def ballot_type(self) -> BallotType:
        """The kind of ballot."""
        return BALLOT_TYPES[self.instance.kind]

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The projects, in the order of the file."""
        return self.instance.candidates

    @property
    def ballots(self) -> Sequence[BallotGroup]:
        """Equal ballots together."""
        return self.instance.groups

    def cents(self, units: int) -> int:
        """An amount of the file in cents."""
        return units * CENTS // self.instance.scale

    def value_text(self, value: int) -> str:
        """A value on a ballot as it is kept in the database: cents for a pot, decimal text otherwise."""
        if self.ballot_type == BallotType.POT:
            return str(self.cents(value))
        return amount_text(value, self.instance.value_scale)

    def rule(self, chosen: str = "") -> tuple[AllocationRule, str]:
        """Return the rule to count by and, where that is what the file declares, its name there.

        Raises UnreadableElection for a name that is no rule, and when neither the file nor anybody else names one.
        """
        names = ", ".join(AllocationRule.values)
        if chosen:
            if chosen not in AllocationRule.values:
                raise UnreadableElection(
                    _("There is no rule “%(rule)s”. Choose one of: %(names)s.") % {"rule": chosen, "names": names}
                )
            if chosen != AllocationRule.DECLARED:
                return AllocationRule(chosen), ""
        declared = self.instance.declared_rule.strip()
        if declared in NOT_SAID:
            raise UnreadableElection(
                _("The file does not say by which rule it was counted. Choose one yourself with --rule: %(names)s.")
                % {"names": names}
            )
        if declared in AllocationRule.values:
            return AllocationRule(declared), ""
        if declared == "greedy" and self.instance.threshold is None:
            adding_up = self.ballot_type in {BallotType.POINTS, BallotType.RANKING, BallotType.SCORES, BallotType.POT}
            return AllocationRule.GREEDY_POINTS if adding_up else AllocationRule.GREEDY_VOTES, ""
        if declared in SAME_RULE:
            return SAME_RULE[declared], ""
        return AllocationRule.DECLARED, declared


def read_election(
    path: Path, *, warn: Callable[[str], object], progress: Callable[[int, int | None], object] | None = None
) -> ElectionFile:
    """Read an election file. Raises UnreadableElection with the line number, and never gives half an election."""
    try:
        instance = read_pabulib(path, warn=warn, progress=progress)
    except (PabulibError, OSError) as error:
        raise UnreadableElection(str(error)) from error
    if instance.scale > CENTS:
        raise UnreadableElection(
            _("The amounts in this file have more than two decimals. Round them to whole cents first.")
        )
    if instance.exclusions:
        raise UnreadableElection(
            _("In this file projects rule each other out. Rounds cannot do that yet; python -m allocation can.")
        )
    return ElectionFile(instance, _details(path))


def _details(path: Path) -> dict[str, dict[str, str]]:
    """The columns of PROJECTS that do not matter for counting, such as category and description."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        (_line, heading), *rows = Sections(lines).before_votes()["PROJECTS"]
    names = [name.strip().lower() for name in heading]
    by_row = (dict(zip(names, map(str.strip, cells), strict=False)) for _line, cells in rows)
    return {cells["project_id"]: cells for cells in by_row}


def write_election(election: Election, file: TextIO) -> None:
    """Write an election to an open text file: with ``python -m allocation`` it gives the digest of the published run.

    Proposals that stayed under the threshold of one of our own rules are no part of it. Where the rule has an outcome,
    the file says what was funded.
    """
    rule = AllocationRule(election.round.allocation_rule)
    instance = election.above_threshold(rule).instance
    try:
        outcome = allocate(instance, engine_rule(election.round, rule))
    except AllocationError:
        outcome = None
    write_pabulib(instance, file, outcome)
