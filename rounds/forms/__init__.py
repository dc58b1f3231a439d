"""What officials fill in: parsed and checked here, saved by the actions."""

from rounds.forms.funds import FundForm, NewFundForm, add_errors
from rounds.forms.rounds import (
    CallForm,
    CriteriaFormSet,
    CriterionForm,
    EditionForm,
    MoneyForm,
    NewRoundForm,
    PartForm,
)
from rounds.forms.rules import MEANINGS, BallotForm, CountingForm, DivisionForm, RuleForm, StepForm
from rounds.forms.seats import EndSeatForm, ExtendSeatForm, GiveSeatForm

__all__ = [
    "MEANINGS",
    "BallotForm",
    "CallForm",
    "CountingForm",
    "CriteriaFormSet",
    "CriterionForm",
    "DivisionForm",
    "EditionForm",
    "EndSeatForm",
    "ExtendSeatForm",
    "FundForm",
    "GiveSeatForm",
    "MoneyForm",
    "NewFundForm",
    "NewRoundForm",
    "PartForm",
    "RuleForm",
    "StepForm",
    "add_errors",
]
