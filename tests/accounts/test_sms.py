"""Text messages: where they can go, and what happens when the gateway refuses, redirects or is silent."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.models import OutgoingMessage
from accounts.sms import send_sms
from tests.accounts.local_server import LocalServer, local_server

PHONE, TEXT = "+31612345678", "Uw code is 123456. Hij werkt één keer."


@pytest.fixture
def gateway(settings: Settings) -> Iterator[LocalServer]:
    with local_server() as server:
        settings.SMS_BACKEND = "accounts.sms.HttpSmsBackend"
        settings.SMS_GATEWAY_URL = f"{server.url}/messages"
        settings.SMS_GATEWAY_TOKEN = "token-of-the-gateway"
        yield server


def test_the_gateway_gets_the_message_with_its_token(gateway: LocalServer) -> None:
    gateway.answers["/messages"] = (202, {"id": 7})

    sent = send_sms(PHONE, TEXT)

    assert sent is True
    [heard] = gateway.heard
    assert (heard.method, heard.path) == ("POST", "/messages")
    assert heard.headers["Authorization"] == "Bearer token-of-the-gateway"
    assert heard.headers["Content-Type"] == "application/json"
    assert json.loads(heard.body) == {"to": PHONE, "text": TEXT}


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_a_refusal_is_logged_without_the_number(
    gateway: LocalServer, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.answers["/messages"] = (status, {"error": PHONE})

    sent = send_sms(PHONE, TEXT)

    assert sent is False
    assert caplog.messages == [f"text message not sent: the gateway answered {status}"]
    assert PHONE not in caplog.text


def test_a_redirect_is_not_followed_so_that_the_token_stays_here(gateway: LocalServer) -> None:
    gateway.answers["/messages"] = (302, f"{gateway.url}/elsewhere")

    sent = send_sms(PHONE, TEXT)

    assert sent is False
    assert [heard.path for heard in gateway.heard] == ["/messages"]


def test_a_gateway_that_is_not_there_is_logged_without_the_number(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMS_BACKEND = "accounts.sms.HttpSmsBackend"
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:1/"

    sent = send_sms(PHONE, TEXT)

    assert sent is False
    assert caplog.messages == ["text message not sent: the gateway did not answer: URLError"]


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "ftp://example.nl/"])
def test_a_gateway_without_a_web_address_sends_nothing_and_says_why(
    settings: Settings, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMS_BACKEND = "accounts.sms.HttpSmsBackend"
    settings.SMS_GATEWAY_URL = url

    assert send_sms(PHONE, TEXT) is False

    assert caplog.messages == ["text message not sent: SMS_GATEWAY_URL is not an http(s) address"]


def test_the_file_gets_one_line_per_message(settings: Settings, tmp_path: Path) -> None:
    settings.SMS_BACKEND = "accounts.sms.FileSmsBackend"
    settings.DATA_DIR = tmp_path

    assert [send_sms(PHONE, TEXT), send_sms(PHONE, "Nog een")] == [True, True]

    lines = [json.loads(line) for line in (tmp_path / "sms.log").read_text(encoding="utf-8").splitlines()]
    assert [(line["to"], line["text"]) for line in lines] == [(PHONE, TEXT), (PHONE, "Nog een")]


def test_the_console_shows_the_message(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.SMS_BACKEND = "accounts.sms.ConsoleSmsBackend"

    assert send_sms(PHONE, TEXT) is True

    assert capsys.readouterr().err == f"SMS {PHONE}: {TEXT}\n"


@pytest.mark.django_db
def test_the_demo_keeps_the_message() -> None:
    assert send_sms(PHONE, TEXT) is True

    message = OutgoingMessage.objects.get()
    assert (message.kind, message.recipient, message.text) == ("sms", PHONE, TEXT)
