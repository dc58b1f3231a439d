import pytest
from django.test import Client


def test_healthz_answers_without_the_database(client: Client) -> None:
    response = client.get("/healthz")

    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
def test_readyz_answers_when_every_migration_is_there(client: Client) -> None:
    response = client.get("/readyz")

    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
def test_every_answer_carries_the_strict_headers(client: Client) -> None:
    headers = client.get("/style-guide/").headers

    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "microphone=()" in headers["Permissions-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
