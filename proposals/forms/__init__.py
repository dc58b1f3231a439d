"""What people fill in, one file per noun."""

from proposals.forms.answers import AnswerForm, form_for
from proposals.forms.attachments import AttachmentForm
from proposals.forms.messages import MessageForm, WithdrawForm
from proposals.forms.screening import (
    AskSupplementForm,
    ChecklistForm,
    ExtendSupplementForm,
    NotTreatForm,
    PointsForm,
    SeenForm,
    WorklistForm,
)
from proposals.forms.sending import SendForm
from proposals.forms.starting import SelfCheckForm

__all__ = [
    "AnswerForm",
    "AskSupplementForm",
    "AttachmentForm",
    "ChecklistForm",
    "ExtendSupplementForm",
    "MessageForm",
    "NotTreatForm",
    "PointsForm",
    "SeenForm",
    "SelfCheckForm",
    "SendForm",
    "WithdrawForm",
    "WorklistForm",
    "form_for",
]
