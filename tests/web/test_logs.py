import json
import logging
import sys

import pytest
from django.test import Client

from web.logs import JsonFormatter


def line_for(**record: object) -> dict[str, object]:
    made = logging.makeLogRecord({"name": "web.request", "levelname": "INFO", "msg": "request", **record})
    loaded: dict[str, object] = json.loads(JsonFormatter().format(made))
    return loaded


def test_a_line_is_json_with_what_is_harmless() -> None:
    line = line_for(status=200, route="rounds/<slug:slug>/", milliseconds=12)

    assert (line["level"], line["status"], line["route"]) == ("INFO", 200, "rounds/<slug:slug>/")


def test_what_may_be_personal_never_gets_into_a_line() -> None:
    line = line_for(
        msg="Not Found: %s", args=("/people/ines@test.example/",), request="<user Ines>", email="ines@test.example"
    )

    assert "ines" not in json.dumps(line).lower()


def test_an_exception_is_logged_by_type_and_place_without_its_values() -> None:
    try:
        int("ines@test.example")
    except ValueError:
        line = line_for(msg="Internal Server Error", exc_info=sys.exc_info())

    assert line["exception"] == "ValueError"
    assert "ines" not in json.dumps(line)
    assert "test_logs.py" in str(line["where"])


@pytest.mark.django_db
def test_a_request_writes_its_route_and_not_its_address(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="web.request")

    client.get("/healthz?phone=0612345678")

    record = caplog.records[-1]
    assert (record.__dict__["route"], record.__dict__["status"]) == ("healthz", 200)
    assert "0612345678" not in str(record.__dict__)
