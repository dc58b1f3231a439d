"""What the database knows about proposals: one file per noun."""

from proposals.models.answers import AnswerEdit
from proposals.models.attachments import Attachment, AttachmentKind, AttachmentState
from proposals.models.callbacks import CallbackRequest, DayPart
from proposals.models.companions import Companion, CompanionKind, Remark, Right, Takeover
from proposals.models.funnel import FunnelCount, FunnelStep
from proposals.models.messages import Message
from proposals.models.proposals import BudgetLine, Proposal, Route
from proposals.models.questions import QUESTIONS, Field, Question, Step, question_for, questions_of
from proposals.models.screening import Redaction, ScreeningAnswer, ScreeningPoint, Supplement
from proposals.models.versions import ProposalVersion

__all__ = [
    "QUESTIONS",
    "AnswerEdit",
    "Attachment",
    "AttachmentKind",
    "AttachmentState",
    "BudgetLine",
    "CallbackRequest",
    "Companion",
    "CompanionKind",
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
    "ScreeningAnswer",
    "ScreeningPoint",
    "Step",
    "Supplement",
    "Takeover",
    "question_for",
    "questions_of",
]
