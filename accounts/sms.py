"""Text messages: one function to send one, and the places it can go to (setting SMS_BACKEND)."""

import json
import logging
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger("accounts.sms")

GATEWAY_TIMEOUT_SECONDS = 10


class SmsNotSent(Exception):
    """The message could not be handed over; the text says why, and holds no number and nothing of the message."""


class SmsBackend(Protocol):
    """A place where text messages go."""

    def send(self, phone: str, text: str) -> None:
        """Hand over one message to a number in E.164. Raises SmsNotSent."""


class ConsoleSmsBackend:
    """Writes messages to standard error; for developing."""

    def send(self, phone: str, text: str) -> None:
        """Write the message."""
        sys.stderr.write(f"SMS {phone}: {text}\n")


class FileSmsBackend:
    """Appends messages to data/sms.log, one JSON object per line; for a trial without a gateway."""

    def send(self, phone: str, text: str) -> None:
        """Append the message."""
        line = json.dumps({"at": datetime.now(UTC).isoformat(), "to": phone, "text": text}, ensure_ascii=False)
        with (Path(settings.DATA_DIR) / "sms.log").open("a", encoding="utf-8") as file:
            file.write(line + "\n")


class HttpSmsBackend:
    """Posts ``{"to": …, "text": …}`` as JSON to SMS_GATEWAY_URL, with SMS_GATEWAY_TOKEN as bearer token."""

    def send(self, phone: str, text: str) -> None:
        """Post the message; anything but an answer in the 200s within ten seconds raises SmsNotSent."""
        if urlsplit(settings.SMS_GATEWAY_URL).scheme not in {"http", "https"}:
            raise SmsNotSent("SMS_GATEWAY_URL is not an http(s) address")
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
            settings.SMS_GATEWAY_URL,
            data=json.dumps({"to": phone, "text": text}).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}"},
            method="POST",
        )
        try:
            # urllib follows a redirect of a POST with a GET; a gateway that redirects is set up wrongly.
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=GATEWAY_TIMEOUT_SECONDS):
                return
        except urllib.error.HTTPError as refusal:
            raise SmsNotSent(f"the gateway answered {refusal.code}") from None
        except (OSError, ValueError) as failure:
            raise SmsNotSent(f"the gateway did not answer: {type(failure).__name__}") from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def send_sms(phone: str, text: str) -> bool:
    """Send a text message to a number in E.164; False (and a line in the log, without the number) if that failed."""
    backend: SmsBackend = import_string(settings.SMS_BACKEND)()
    try:
        backend.send(phone, text)
    except SmsNotSent as failure:
        log.error("text message not sent: %s", failure)  # noqa: TRY400 - a traceback could show the number
        return False
    return True
