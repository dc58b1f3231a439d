"""A mail server that is down."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class BrokenBackend(BaseEmailBackend):
    """Refuses every mail, as a server that does not answer does."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Raise what smtplib raises."""
        raise ConnectionRefusedError
