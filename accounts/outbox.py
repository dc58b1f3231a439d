"""Where mails and text messages of the demo end up: in the database, to be read at /demo/outbox/."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from accounts.models import OutgoingMessage


class DemoEmailBackend(BaseEmailBackend):
    """Keeps each mail instead of sending it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store one row per recipient; return how many mails were taken."""
        OutgoingMessage.objects.bulk_create(
            OutgoingMessage(
                kind=OutgoingMessage.Kind.MAIL, recipient=recipient, subject=str(mail.subject), text=str(mail.body)
            )
            for mail in email_messages
            for recipient in mail.recipients()
        )
        return len(email_messages)


class DemoSmsBackend:
    """Keeps each text message instead of sending it."""

    def send(self, phone: str, text: str) -> None:
        """Store the message."""
        OutgoingMessage.objects.create(kind=OutgoingMessage.Kind.SMS, recipient=phone, text=text)
