"""The demo: signing in with one button, and reading what went out. Nowhere to be found outside the demo."""

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.actions import create_demo_people
from accounts.demo import DEMO_PEOPLE
from accounts.models import OutgoingMessage, Person
from accounts.outbox import DemoEmailBackend
from accounts.queries import demo_people
from accounts.sms import send_sms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings: Settings) -> None:
    settings.DEMO_SIGN_IN = True


def test_making_the_demo_people_twice_changes_nothing() -> None:
    first = create_demo_people()
    Person.objects.filter(pk=first["ines"].pk).update(name="Ines M.")

    second = create_demo_people()

    assert second == first
    assert Person.objects.count() == len(DEMO_PEOPLE)
    assert second["ines"].name == "Ines M."


def test_demo_people_come_in_a_fixed_order_with_whom_they_are_in_the_database() -> None:
    people = create_demo_people()

    assert [(choice.demo.key, choice.person) for choice in demo_people()] == list(people.items())


def test_the_demo_page_has_a_button_for_each_person_in_two_queries_or_less(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    create_demo_people()

    with django_assert_num_queries(1):
        response = client.get("/demo/")

    assert response.status_code == 200
    assert [f'name="person" value="{demo.key}"' in response.text for demo in DEMO_PEOPLE] == [True] * 8


def test_the_demo_page_says_so_when_the_demo_is_not_loaded(client: Client) -> None:
    response = client.get("/demo/", headers={"accept-language": "en"})

    assert response.status_code == 200
    assert "manage.py load_demo" in response.text


@pytest.mark.parametrize("key", [demo.key for demo in DEMO_PEOPLE])
def test_pressing_a_button_signs_in_as_that_person(client: Client, key: str) -> None:
    people = create_demo_people()

    response = client.post("/demo/", {"person": key})

    assert (response.status_code, response.headers["location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(people[key].pk)
    assert client.session["demo_sign_in"] is True


def test_signing_in_as_somebody_else_leaves_nothing_of_the_first(client: Client) -> None:
    people = create_demo_people()
    client.post("/demo/", {"person": "ines"})
    session = client.session
    session["something_of_ines"] = "private"
    session.save()

    client.post("/demo/", {"person": "omar"})

    assert client.session["_auth_user_id"] == str(people["omar"].pk)
    assert "something_of_ines" not in client.session


def test_the_button_leads_to_the_page_that_was_asked_for(client: Client) -> None:
    create_demo_people()

    page = client.get("/demo/?next=/demo/outbox/")
    response = client.post("/demo/", {"person": "ines", "next": "/demo/outbox/"})

    assert 'name="next" value="/demo/outbox/"' in page.text
    assert response.headers["location"] == "/demo/outbox/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1"])
def test_the_button_never_leads_away_from_this_site(client: Client, elsewhere: str) -> None:
    create_demo_people()

    response = client.post("/demo/", {"person": "ines", "next": elsewhere})

    assert response.headers["location"] == "/"


@pytest.mark.parametrize("posted", [{"person": "nobody"}, {"person": ""}, {}, {"person": "x" * 400}])
def test_an_unknown_person_gets_the_page_again_with_a_message(client: Client, posted: dict[str, str]) -> None:
    create_demo_people()

    response = client.post("/demo/", posted, headers={"accept-language": "en"})

    assert response.status_code == 404
    assert "Choose one of the people below." in response.text
    assert "_auth_user_id" not in client.session


def test_signing_in_needs_the_token_of_the_form() -> None:
    create_demo_people()
    client = Client(enforce_csrf_checks=True)

    response = client.post("/demo/", {"person": "ines"})

    assert response.status_code == 403
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("url", ["/demo/", "/demo/outbox/"])
def test_without_the_demo_there_is_nothing_there(client: Client, settings: Settings, url: str) -> None:
    create_demo_people()
    settings.DEMO_SIGN_IN = False

    assert client.get(url).status_code == 404
    assert client.post(url, {"person": "ines"}).status_code in {404, 405}
    assert "_auth_user_id" not in client.session


def test_a_mail_of_the_demo_is_kept_once_per_recipient() -> None:
    count = DemoEmailBackend().send_messages(
        [EmailMessage("Nieuws", "Er is nieuws.", to=["a@x.example"], bcc=["b@x.example"])]
    )

    assert count == 1
    assert list(OutgoingMessage.objects.order_by("recipient").values_list("kind", "recipient", "subject", "text")) == [
        ("mail", "a@x.example", "Nieuws", "Er is nieuws."),
        ("mail", "b@x.example", "Nieuws", "Er is nieuws."),
    ]


def test_the_outbox_shows_the_newest_first_in_pages(
    client: Client, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.SMS_BACKEND = "accounts.outbox.DemoSmsBackend"
    for number in range(1, 23):
        send_sms("+31612345678", f"bericht nummer {number}.")

    with django_assert_num_queries(2):
        first = client.get("/demo/outbox/")
    second = client.get("/demo/outbox/?page=2")

    assert first.text.index("bericht nummer 22.") < first.text.index("bericht nummer 3.")
    assert "bericht nummer 2." not in first.text
    assert second.text.index("bericht nummer 2.") < second.text.index("bericht nummer 1.")


def test_the_empty_outbox_says_what_to_do(client: Client) -> None:
    assert "shows up here" in client.get("/demo/outbox/", headers={"accept-language": "en"}).text


def test_markup_in_a_message_is_shown_as_text(client: Client) -> None:
    OutgoingMessage.objects.create(
        kind="mail", recipient="a@x.example", subject="<b>", text="<script>alert(1)</script>"
    )

    page = client.get("/demo/outbox/").text

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
