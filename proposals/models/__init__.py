"""What the database knows about proposals: one file per noun."""

from proposals.models.answers import AnswerEdit
from proposals.models.attachments import MOST_ATTACHMENTS, Attachment, AttachmentKind, AttachmentState
from proposals.models.budgets import Budget, Contact, Row, canonical
from proposals.models.callbacks import CallbackRequest, DayPart
from proposals.models.companions import Companion, CompanionKind, Remark, Right, Takeover
from proposals.models.funnel import FunnelCount, FunnelStep
from proposals.models.messages import Message
from proposals.models.proposals import BudgetLine, Proposal, Route
from proposals.models.questions import (
    LARGEST_BUDGET_ROWS,
    QUESTIONS,
    TEXT_FIELDS,
    Field,
    Question,
    Step,
    question_for,
    questions_of,
)
from proposals.models.screening import Redaction, ScreeningAnswer, ScreeningPoint, Supplement
from proposals.models.versions import ProposalVersion

__all__ = [
    "LARGEST_BUDGET_ROWS",
    "MOST_ATTACHMENTS",
    "QUESTIONS",
    "TEXT_FIELDS",
    "AnswerEdit",
    "Attachment",
    "AttachmentKind",
    "AttachmentState",
    "Budget",
    "BudgetLine",
    "CallbackRequest",
    "Companion",
    "CompanionKind",
    "Contact",
    "DayPart",
    "Field",
    "FunnelCount",
    "FunnelStep",
    "Message",
    "Proposal",
    "ProposalVersion",
    "Question",
    "Redaction",
    "Remark",
    "Right",
    "Route",
    "Row",
    "ScreeningAnswer",
    "ScreeningPoint",
    "Step",
    "Supplement",
    "Takeover",
    "canonical",
    "question_for",
    "questions_of",
]
