"""Signing in with a code: by mail and by phone, with mistakes, and without telling who has an account."""

from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import CacheEntry, OutgoingMessage, Person

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"
CONFIRM = "/account/login/code/confirm/"
Code = Callable[[], str]


def other_than(code: str, turn: int = 1) -> str:
    """Return six digits that are not this code."""
    return f"{(int(code) + turn) % 1_000_000:06}"


def who(client: Client) -> Person | None:
    """Return who is signed in in this browser."""
    return Person.objects.filter(pk=int(client.session.get("_auth_user_id", 0))).first()


def test_somebody_signs_in_by_mail(english: Client, ines: Person, mailed_code: Code) -> None:
    asked = english.post(LOGIN, {"login": "ines@test.example"})
    shown = english.get(CONFIRM)
    finished = english.post(CONFIRM, {"code": mailed_code()})

    assert (asked.status_code, asked.headers["location"]) == (302, CONFIRM)
    assert "ines@test.example" in shown.text
    assert 'autocomplete="one-time-code"' in shown.text
    assert (finished.status_code, finished.headers["location"]) == (302, "/")
    assert who(english) == ines


def test_somebody_new_gets_an_account_by_mail(english: Client, mailed_code: Code) -> None:
    english.post(LOGIN, {"login": " New@Example.NL "})
    before = Person.objects.count()
    english.post(CONFIRM, {"code": mailed_code()})

    person = who(english)
    assert before == 0
    assert person is not None
    assert (person.email, person.name, person.language, person.has_usable_password()) == (
        "new@example.nl",
        "",
        "en",
        False,
    )
    assert person.email_verified_at is not None


@pytest.mark.parametrize("typed", ["06-12345678", "06 12 34 56 78", "+31 6 12345678", "0031612345678", "(06)12345678"])
def test_somebody_signs_in_by_phone_typed_as_people_do(english: Client, typed: str, texted_code: Code) -> None:
    person = Person.objects.create_user(phone="+31612345678")

    english.post(LOGIN, {"login": typed})
    shown = english.get(CONFIRM)
    english.post(CONFIRM, {"code": texted_code()})

    assert OutgoingMessage.objects.get().recipient == "+31612345678"
    assert "06 12345678" in shown.text
    assert who(english) == person
    person.refresh_from_db()
    assert person.phone_verified_at is not None


def test_somebody_new_gets_an_account_by_phone(english: Client, texted_code: Code) -> None:
    english.post(LOGIN, {"login": "0612345678"})
    english.post(CONFIRM, {"code": texted_code()})

    person = who(english)
    assert person is not None
    assert (person.phone, person.email) == ("+31612345678", None)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Fill in your mail address or your mobile number."),
        ("ines", "Fill in a mail address, like name@example.nl, or a mobile number, like 06 12345678."),
        ("ines@", "This is not a whole mail address."),
        (f"{'i' * 250}@example.nl", "This is not a whole mail address."),
        ("06-1234567", "This is not a whole mobile number."),
        ("030 286 1000", "We cannot send a text message to this number."),
        ("0900 1234567", "We cannot send a text message to this number."),
        ("+44 7400 123456", "We cannot send a text message to this country."),
    ],
)
def test_what_cannot_be_reached_is_said_and_kept(
    english: Client, typed: str, message: str, mailoutbox: list[EmailMessage]
) -> None:
    response = english.post(LOGIN, {"login": typed})

    assert response.status_code == 200
    assert message in response.text
    assert f'value="{typed}"' in response.text or not typed
    assert (len(mailoutbox), OutgoingMessage.objects.count()) == (0, 0)


def test_a_code_may_be_typed_with_spaces(english: Client, ines: Person, mailed_code: Code) -> None:
    english.post(LOGIN, {"login": "ines@test.example"})
    code = mailed_code()

    english.post(CONFIRM, {"code": f" {code[:3]} {code[3:]} "})

    assert who(english) == ines


def test_a_wrong_code_says_how_often_one_may_try_and_the_right_one_still_works(
    english: Client, ines: Person, mailed_code: Code
) -> None:
    english.post(LOGIN, {"login": "ines@test.example"})
    code = mailed_code()

    wrong = english.post(CONFIRM, {"code": other_than(code)})
    english.post(CONFIRM, {"code": code})

    assert "You can try 4 more times." in wrong.text
    assert f'value="{other_than(code)}"' in wrong.text
    assert who(english) == ines


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef"])
def test_what_is_not_six_digits_does_not_count_as_a_try(
    english: Client, ines: Person, mailed_code: Code, typed: str
) -> None:
    english.post(LOGIN, {"login": "ines@test.example"})
    for _try in range(6):
        english.post(CONFIRM, {"code": typed})

    english.post(CONFIRM, {"code": mailed_code()})

    assert who(english) == ines


def test_after_five_wrong_codes_the_code_is_worth_nothing_and_the_address_is_kept(
    english: Client, ines: Person, mailed_code: Code
) -> None:
    english.post(LOGIN, {"login": "ines@test.example"})
    code = mailed_code()
    for turn in range(1, 5):
        english.post(CONFIRM, {"code": other_than(code, turn)})

    fifth = english.post(CONFIRM, {"code": other_than(code, 5)}, follow=True)
    english.post(CONFIRM, {"code": code})

    assert fifth.redirect_chain == [(LOGIN, 302)]
    assert "You tried five times." in fifth.text
    assert 'value="ines@test.example"' in fifth.text
    assert who(english) is None


def test_guesses_at_the_same_moment_do_not_get_more_than_five_tries(
    english: Client, ines: Person, mailed_code: Code
) -> None:
    english.post(LOGIN, {"login": "ines@test.example"})
    code = mailed_code()
    before = dict(english.session)
    for turn in range(1, 6):
        # Requests at the same moment all see the session as it was.
        session = english.session
        session.clear()
        session.update(before)
        session.save()
        english.post(CONFIRM, {"code": other_than(code, turn)})
    session = english.session
    session.clear()
    session.update(before)
    session.save()

    english.post(CONFIRM, {"code": code})

    assert who(english) is None


def test_a_code_works_for_fifteen_minutes_and_the_address_is_kept(
    english: Client, ines: Person, mailed_code: Code, later: Callable[[int], None]
) -> None:
    english.post(LOGIN, {"login": "ines@test.example"})

    later(15 * 60 + 1)
    response = english.post(CONFIRM, {"code": mailed_code()}, follow=True)

    assert response.redirect_chain == [(LOGIN, 302)]
    assert "This code is too old" in response.text
    assert 'value="ines@test.example"' in response.text
    assert who(english) is None


def test_a_code_still_works_just_before_the_fifteen_minutes_are_over(
    english: Client, ines: Person, mailed_code: Code, later: Callable[[int], None]
) -> None:
    english.post(LOGIN, {"login": "ines@test.example"})

    later(15 * 60 - 5)
    english.post(CONFIRM, {"code": mailed_code()})

    assert who(english) == ines


def test_a_new_code_replaces_the_old_one_and_brings_five_new_tries(
    english: Client, ines: Person, mailed_code: Code, mailoutbox: list[EmailMessage]
) -> None:
    english.post(LOGIN, {"login": "ines@test.example"})
    old = mailed_code()
    for turn in range(1, 5):
        english.post(CONFIRM, {"code": other_than(old, turn)})

    resent = english.post(CONFIRM, {"action": "resend"}, follow=True)
    new = mailed_code()
    refused = english.post(CONFIRM, {"code": old}) if old != new else None
    english.post(CONFIRM, {"code": new})

    assert len(mailoutbox) == 2
    assert "We sent you a new code." in resent.text
    assert refused is None or "You can try 4 more times." in refused.text
    assert who(english) == ines


def test_asking_for_a_code_very_often_is_answered_with_patience(
    english: Client, ines: Person, mailoutbox: list[EmailMessage]
) -> None:
    for _turn in range(5):
        english.post(LOGIN, {"login": "ines@test.example"})

    sixth = english.post(LOGIN, {"login": "ines@test.example"})
    resent = english.post(CONFIRM, {"action": "resend"}, follow=True)

    assert len(mailoutbox) == 5
    assert "Wait a quarter of an hour" in sixth.text
    assert 'value="ines@test.example"' in sixth.text
    assert "Wait a quarter of an hour" in resent.text


def test_a_network_that_posts_without_end_gets_a_plain_page(english: Client) -> None:
    answers = [english.post(LOGIN, {"login": "nobody"}).status_code for _turn in range(61)]

    assert answers == [200] * 60 + [429]


def test_signing_in_looks_the_same_for_an_address_that_we_know_and_one_that_we_do_not(
    ines: Person, mailoutbox: list[EmailMessage], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    seen = []
    for address in ("ines@test.example", "omar@test.example"):
        client = Client(headers={"accept-language": "en"})
        with django_assert_num_queries(5):
            asked = client.post(LOGIN, {"login": address})
        shown = client.get(CONFIRM)
        state = client.session["account_login"]
        state["state"]["stages"]["login_by_code"]["data"] |= {"code": "", "at": 0, "email": ""}
        seen.append(
            (
                asked.status_code,
                asked.headers["location"],
                shown.text.replace(address, "")[: shown.text.index("csrfmiddlewaretoken")],
                state | {"email": "", "initiated_at": 0},
            )
        )

    assert seen[0] == seen[1]
    assert [mail.subject for mail in mailoutbox] == ["Your code", "Your code"]


def test_the_session_holds_no_code_and_nobody_until_the_code_is_right(
    english: Client, ines: Person, mailed_code: Code
) -> None:
    english.post(LOGIN, {"login": "ines@test.example"})

    kept = str(dict(english.session))

    assert mailed_code() not in kept
    assert "_auth_user_id" not in english.session


def test_a_code_does_not_work_in_another_browser(english: Client, ines: Person, mailed_code: Code) -> None:
    english.post(LOGIN, {"login": "ines@test.example"})
    elsewhere = Client()
    elsewhere.post(LOGIN, {"login": "omar@test.example"})
    Client().post(LOGIN, {"login": "ines@test.example"})

    elsewhere.post(CONFIRM, {"code": mailed_code()})

    assert who(elsewhere) is None


def test_a_code_signs_in_whoever_has_the_address_at_that_moment(
    english: Client, ines: Person, omar: Person, mailed_code: Code
) -> None:
    english.post(LOGIN, {"login": "ines@test.example"})
    Person.objects.filter(pk=ines.pk).update(email="elsewhere@test.example")
    Person.objects.filter(pk=omar.pk).update(email="ines@test.example")

    english.post(CONFIRM, {"code": mailed_code()})

    assert who(english) == omar


def test_the_screen_for_the_code_leads_back_when_no_code_was_asked_for(client: Client) -> None:
    assert client.get(CONFIRM).headers["location"] == LOGIN


def test_somebody_who_is_signed_in_goes_on_at_once(as_person: Callable[[Person], Client], ines: Person) -> None:
    client = as_person(ines)

    assert client.get(LOGIN).headers["location"] == "/"
    assert client.get(f"{LOGIN}?next=/account/").headers["location"] == "/account/"
    assert client.get(CONFIRM).headers["location"] == LOGIN


def test_signing_in_leads_to_the_page_that_was_asked_for(english: Client, ines: Person, mailed_code: Code) -> None:
    locked = english.get("/account/")
    asked = english.post(locked.headers["location"], {"login": "ines@test.example"})
    finished = english.post(asked.headers["location"], {"code": mailed_code()})

    assert locked.headers["location"] == f"{LOGIN}?next=/account/"
    assert asked.headers["location"] == f"{CONFIRM}?next=%2Faccount%2F"
    assert finished.headers["location"] == "/account/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(
    english: Client, ines: Person, mailed_code: Code, elsewhere: str
) -> None:
    english.post(LOGIN, {"login": "ines@test.example"})

    finished = english.post(CONFIRM, {"code": mailed_code()}, query_params={"next": elsewhere})

    assert finished.headers["location"] == "/"


def test_a_closed_account_is_told_so_only_after_the_code(english: Client, ines: Person, mailed_code: Code) -> None:
    Person.objects.filter(pk=ines.pk).update(is_active=False)

    english.post(LOGIN, {"login": "ines@test.example"})
    finished = english.post(CONFIRM, {"code": mailed_code()}, follow=True)

    assert "Your account is closed" in finished.text
    assert who(english) is None


def test_signing_out_asks_first_and_then_forgets(as_person: Callable[[Person], Client], ines: Person) -> None:
    client = as_person(ines)

    asked = client.get("/account/logout/")
    done = client.post("/account/logout/")

    assert asked.status_code == 200
    assert done.headers["location"] == "/"
    assert who(client) is None


def test_mail_is_written_in_the_language_of_the_person(
    english: Client, ines: Person, mailoutbox: list[EmailMessage]
) -> None:
    Person.objects.filter(pk=ines.pk).update(language="nl")

    english.post(LOGIN, {"login": "ines@test.example"})
    english.post(LOGIN, {"login": "omar@test.example"})

    assert [mail.subject for mail in mailoutbox] == ["Uw code", "Your code"]


def test_no_message_names_the_fund(english: Client, mailoutbox: list[EmailMessage], settings: Settings) -> None:
    english.post(LOGIN, {"login": "ines@test.example"})
    english.post(LOGIN, {"login": "0612345678"})

    mail, text = mailoutbox[0], OutgoingMessage.objects.get()
    words = f"{mail.subject} {mail.body} {mail.from_email} {text.subject} {text.text}".lower()
    assert [word for word in ("fonds", "fund", settings.FUND_NAME.lower()) if word in words] == []
    assert len(text.text) <= 160


def test_the_site_goes_on_in_the_language_of_the_person(english: Client, ines: Person, mailed_code: Code) -> None:
    Person.objects.filter(pk=ines.pk).update(language="nl")
    english.post(LOGIN, {"login": "ines@test.example"})

    finished = english.post(CONFIRM, {"code": mailed_code()})

    assert finished.cookies["django_language"].value == "nl"


def test_a_mail_server_that_is_out_of_order_is_said_without_losing_what_was_typed(
    english: Client, ines: Person, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 2},
        }
    }

    response = english.post(LOGIN, {"login": "ines@test.example"})

    assert "We could not send the code just now." in response.text
    assert 'value="ines@test.example"' in response.text
    assert "mail not sent: ConnectionRefusedError" in caplog.text
    assert "ines" not in caplog.text


def test_tries_are_counted_in_the_database_where_processes_have_to_share_them(
    english: Client, ines: Person, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "accounts_cache"}
    }

    for _turn in range(7):
        english.post(LOGIN, {"login": "ines@test.example"})

    assert len(mailoutbox) == 5
    assert CacheEntry.objects.exists()


def test_without_a_gateway_people_read_that_the_text_message_did_not_go_out(
    english: Client, settings: Settings
) -> None:
    settings.SMS_BACKEND = "accounts.sms.HttpSmsBackend"
    settings.SMS_GATEWAY_URL = ""

    response = english.post(LOGIN, {"login": "06 12345678"})

    assert "We could not send the code just now." in response.text
    assert 'value="06 12345678"' in response.text


@pytest.mark.parametrize(
    "url",
    [
        "/account/signup/",
        "/account/password/change/",
        "/account/password/set/",
        "/account/password/reset/",
        "/account/password/reset/key/done/",
        "/account/reauthenticate/",
        "/account/confirm-email/",
        "/account/3rdparty/",
        "/account/3rdparty/signup/",
        "/account/2fa/",
    ],
)
def test_there_are_no_passwords_and_no_other_ways_in(
    as_person: Callable[[Person], Client], ines: Person, url: str
) -> None:
    assert as_person(ines).get(url).status_code == 404


def test_the_screens_take_few_queries(
    client: Client, ines: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        client.get(LOGIN)
    client.post(LOGIN, {"login": "ines@test.example"})
    with django_assert_num_queries(1):
        client.get(CONFIRM)
