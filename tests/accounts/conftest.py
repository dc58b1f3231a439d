"""Signing in, in the tests: a clean slate for the limits, and the code that went out last."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from accounts.models import OutgoingMessage


def six_digits(text: str) -> str:
    """Return the code in a message."""
    found = re.search(r"\b\d{6}\b", text)
    assert found
    return found.group()


@pytest.fixture(autouse=True)
def _nobody_asked_too_often_yet() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _texts_are_kept(settings: Settings, tmp_path: Path) -> None:
    settings.SMS_BACKEND = "accounts.outbox.DemoSmsBackend"


@pytest.fixture
def mailed_code(mailoutbox: list[EmailMessage]) -> Callable[[], str]:
    """Return the six digits of the last mail."""

    def read() -> str:
        return six_digits(str(mailoutbox[-1].body))

    return read


@pytest.fixture
def texted_code() -> Callable[[], str]:
    """Return the six digits of the last text message."""

    def read() -> str:
        return six_digits(OutgoingMessage.objects.filter(kind="sms")[0].text)

    return read


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return a function that moves the clock of sign-in (not that of the tests) forward by a number of seconds."""
    real = time.time

    def move(seconds: int) -> None:
        monkeypatch.setattr(time, "time", lambda: real() + seconds)

    return move


@pytest.fixture
def english() -> Client:
    """A browser set to English, so that the tests read what the code says."""
    return Client(headers={"accept-language": "en"})
