"""The second step: who has to set one up, signing in with it, losing it, and what is kept of it."""

import base64
import hashlib
import hmac
import json
import re
import struct
import time
from collections.abc import Callable

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.actions import create_demo_people
from accounts.models import Person
from rounds.actions import give_seat
from rounds.lifecycle import Role
from rounds.models import Fund

pytestmark = pytest.mark.django_db

SET_UP = "/account/second-factor/"
APP = "/account/factors/app/"
CODES = "/account/factors/recovery-codes/"
AUTHENTICATE = "/account/second-factor/authenticate/"
AGAIN = "/account/second-factor/again/"
Code = Callable[[], str]


def app_code(secret: str, moment: float) -> str:
    """Return what an app shows: RFC 6238 with SHA-1, half a minute and six digits."""
    counter = struct.pack(">Q", int(moment) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def set_up_app(client: Client) -> str:
    """Set up an app as a person does; return its key."""
    page = client.get(APP)
    secret = page.context["form"].secret
    client.post(APP, {"code": app_code(secret, time.time())})
    return str(secret)


def sign_in(client: Client, email: str, code: Code, onward: str = "") -> str:
    """Sign in by mail; return where it leads."""
    client.post("/account/login/", {"login": email})
    query = {"next": onward} if onward else {}
    return client.post("/account/login/code/confirm/", {"code": code()}, query_params=query).headers["location"]


def is_in(client: Client, person: Person) -> bool:
    return client.session.get("_auth_user_id") == str(person.pk)


@pytest.fixture(autouse=True)
def _required(settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def test_the_code_of_the_tests_is_that_of_the_standard() -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()

    # RFC 6238, appendix B, last six digits.
    assert [app_code(secret, moment) for moment in (59, 1111111109, 20000000000)] == ["287082", "081804", "353130"]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.CHAIR, Role.OFFICIAL, Role.MANDATE_HOLDER])
def test_who_judges_or_decides_is_led_to_set_up_a_second_step(
    english: Client, fund: Fund, ines: Person, mailed_code: Code, role: Role
) -> None:
    give_seat(fund=fund, person=ines, role=role, from_date=ines.created_at.date(), by=None)

    lands = sign_in(english, "ines@test.example", mailed_code)
    answers = [english.get(url).headers.get("location") for url in (lands, "/account/", "/account/profile/")]

    assert answers == [SET_UP] * 3
    assert english.get(SET_UP).status_code == 200


def test_who_applies_needs_no_second_step(english: Client, ines: Person, mailed_code: Code) -> None:
    sign_in(english, "ines@test.example", mailed_code)

    assert english.get("/account/").status_code == 200


def test_nobody_needs_one_where_it_is_off(english: Client, otto: Person, mailed_code: Code, settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    sign_in(english, "otto@test.example", mailed_code)

    assert english.get("/account/").status_code == 200


def test_a_form_that_is_posted_without_a_second_step_does_nothing(
    english: Client, otto: Person, mailed_code: Code
) -> None:
    sign_in(english, "otto@test.example", mailed_code)

    response = english.post("/account/profile/", {"name": "Someone else", "language": "en"})

    otto.refresh_from_db()
    assert response.headers["location"] == SET_UP
    assert otto.name == "Otto"


@pytest.mark.parametrize("url", ["/account/logout/", APP, "/account/factors/passkeys/add/", "/healthz"])
def test_what_is_needed_to_set_it_up_or_to_leave_stays_open(
    english: Client, otto: Person, mailed_code: Code, url: str
) -> None:
    sign_in(english, "otto@test.example", mailed_code)

    assert english.get(url).status_code == 200


def test_the_language_can_be_changed_before_the_second_step(english: Client, otto: Person, mailed_code: Code) -> None:
    sign_in(english, "otto@test.example", mailed_code)

    response = english.post("/language/setlang/", {"language": "nl", "next": SET_UP})

    assert response.cookies["django_language"].value == "nl"


def test_setting_up_an_app_leads_past_the_recovery_codes_to_the_page_that_waited(
    english: Client,
    otto: Person,
    mailed_code: Code,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    Person.objects.filter(pk=otto.pk).update(language="en")
    sign_in(english, "otto@test.example", mailed_code)
    english.get("/account/?from=here")
    secret = english.get(APP).context["form"].secret

    with django_capture_on_commit_callbacks(execute=True):
        saved = english.post(APP, {"code": app_code(secret, time.time())})
    codes = english.get(CODES)
    onward = english.get("/account/second-factor/onward/")

    assert saved.headers["location"] == CODES
    assert len(re.findall(r"<code>\d{8}</code>", codes.text)) == 10
    assert onward.headers["location"] == "/account/?from=here"
    assert english.get("/account/").status_code == 200
    assert mailoutbox[-1].subject == "Something changed in your account"


def test_a_wrong_first_code_keeps_the_same_key(english: Client, otto: Person, mailed_code: Code) -> None:
    sign_in(english, "otto@test.example", mailed_code)
    secret = english.get(APP).context["form"].secret

    wrong = english.post(APP, {"code": "000000"})

    assert wrong.context["form"].secret == secret
    assert "This code is not right." in wrong.text
    assert not Authenticator.objects.exists()


def test_the_picture_to_scan_holds_the_key_and_no_styles(english: Client, otto: Person, mailed_code: Code) -> None:
    sign_in(english, "otto@test.example", mailed_code)

    page = english.get(APP)

    assert re.search(r'<svg class="pf-scan" viewBox="0 0 (\d+) \1"', page.text)
    assert "style=" not in page.text
    assert page.context["totp_url"].startswith("otpauth://totp/otto%40test.example?secret=")
    assert "issuer=Gemeente%20Voorbeeldstad" in page.context["totp_url"]


def test_signing_in_asks_for_the_app_of_everybody_who_has_one(english: Client, ines: Person, mailed_code: Code) -> None:
    sign_in(english, "ines@test.example", mailed_code)
    secret = set_up_app(english)
    elsewhere = Client(headers={"accept-language": "en"})

    half_way = sign_in(elsewhere, "ines@test.example", mailed_code, onward="/account/")
    shown = elsewhere.get(half_way)
    not_yet = is_in(elsewhere, ines)
    wrong = elsewhere.post(half_way, {"code": "000000"})
    # The code after this one: the app of a phone that runs ahead a little.
    right = elsewhere.post(half_way, {"code": app_code(secret, time.time() + 30)})

    assert half_way == AUTHENTICATE
    assert "The second step" in shown.text
    assert "Use a passkey" not in shown.text
    assert not_yet is False
    assert "This code is not right." in wrong.text
    assert right.headers["location"] == "/account/"
    assert is_in(elsewhere, ines)


def test_a_code_of_the_app_works_once(english: Client, ines: Person, mailed_code: Code) -> None:
    sign_in(english, "ines@test.example", mailed_code)
    secret = set_up_app(english)
    code = app_code(secret, time.time())
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, "ines@test.example", mailed_code)

    first.post(AUTHENTICATE, {"code": code})
    second.post(AUTHENTICATE, {"code": code})

    assert (is_in(first, ines), is_in(second, ines)) == (True, False)


def test_a_code_of_the_app_works_once_also_after_the_library_forgot_it(
    english: Client, ines: Person, mailed_code: Code, later: Callable[[int], None]
) -> None:
    sign_in(english, "ines@test.example", mailed_code)
    secret = set_up_app(english)
    first, second = Client(), Client(headers={"accept-language": "en"})
    for client in (first, second):
        sign_in(client, "ines@test.example", mailed_code)
    code = app_code(secret, time.time() + 30)

    first.post(AUTHENTICATE, {"code": code})
    later(31)
    again = second.post(AUTHENTICATE, {"code": f"{code[:3]} {code[3:]}"})

    assert is_in(first, ines)
    assert is_in(second, ines) is False
    assert "This code was used already." in again.text


def test_guessing_the_second_step_is_slowed_down(english: Client, ines: Person, mailed_code: Code) -> None:
    sign_in(english, "ines@test.example", mailed_code)
    secret = set_up_app(english)
    elsewhere = Client(headers={"accept-language": "en"})
    sign_in(elsewhere, "ines@test.example", mailed_code)
    for _turn in range(5):
        elsewhere.post(AUTHENTICATE, {"code": "000000"})

    sixth = elsewhere.post(AUTHENTICATE, {"code": app_code(secret, time.time())})

    assert "You tried several times." in sixth.text
    assert is_in(elsewhere, ines) is False


def test_a_recovery_code_signs_in_once(english: Client, otto: Person, mailed_code: Code) -> None:
    sign_in(english, "otto@test.example", mailed_code)
    set_up_app(english)
    code = re.findall(r"<code>(\d{8})</code>", english.get(CODES).text)[0]
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, "otto@test.example", mailed_code)

    first.post(AUTHENTICATE, {"code": code})
    second.post(AUTHENTICATE, {"code": code})

    assert (is_in(first, otto), is_in(second, otto)) == (True, False)
    assert first.get("/account/", headers={"accept-language": "en"}).status_code == 200
    assert "You have 9 codes left." in first.get("/account/", headers={"accept-language": "en"}).text


def test_new_recovery_codes_replace_the_old_ones(english: Client, ines: Person, mailed_code: Code) -> None:
    sign_in(english, "ines@test.example", mailed_code)
    set_up_app(english)
    old = re.findall(r"<code>(\d{8})</code>", english.get(CODES).text)

    asked = english.get(f"{CODES}new/")
    made = english.post(f"{CODES}new/", follow=True)

    assert "Your 10 old codes no longer work then." in asked.text
    assert set(re.findall(r"<code>(\d{8})</code>", made.text)) & set(old) == set()


def test_recovery_codes_can_be_downloaded_as_plain_text(english: Client, ines: Person, mailed_code: Code) -> None:
    sign_in(english, "ines@test.example", mailed_code)
    set_up_app(english)

    response = english.get(f"{CODES}download/")

    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert len(re.findall(r"^\d{8}$", response.text, flags=re.MULTILINE)) == 10


def test_a_session_from_before_the_second_step_is_asked_for_it(
    english: Client, otto: Person, mailed_code: Code
) -> None:
    older = Client(headers={"accept-language": "en"})
    sign_in(older, "otto@test.example", mailed_code)
    sign_in(english, "otto@test.example", mailed_code)
    secret = set_up_app(english)

    asked = older.get("/account/")
    answered = older.post(asked.headers["location"], {"code": app_code(secret, time.time() + 30), "next": "/account/"})

    assert asked.headers["location"] == f"{AGAIN}?next=%2Faccount%2F"
    assert answered.headers["location"] == "/account/"
    assert older.get("/account/").status_code == 200


def test_a_session_of_somebody_else_does_not_count(
    english: Client, otto: Person, vera: Person, mailed_code: Code
) -> None:
    sign_in(english, "otto@test.example", mailed_code)
    set_up_app(english)
    english.force_login(vera, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert english.get("/account/").headers["location"] == SET_UP


def test_changing_an_address_asks_once_more_for_the_second_step(
    english: Client, ines: Person, mailed_code: Code, later: Callable[[int], None]
) -> None:
    sign_in(english, "ines@test.example", mailed_code)
    set_up_app(english)

    at_once = english.get("/account/email/")
    later(10 * 60)
    after_a_while = english.get("/account/email/")

    assert at_once.status_code == 200
    assert after_a_while.headers["location"].startswith(AGAIN)


def test_the_app_can_be_taken_away_with_a_mail_about_it(
    english: Client, ines: Person, mailed_code: Code, mailoutbox: list[EmailMessage]
) -> None:
    sign_in(english, "ines@test.example", mailed_code)
    set_up_app(english)
    mails = len(mailoutbox)

    asked = english.get(f"{APP}remove/")
    done = english.post(f"{APP}remove/", follow=True)

    assert asked.status_code == 200
    assert "The app is removed." in done.text
    assert done.redirect_chain[-1] == ("/account/", 302)
    assert list(Authenticator.objects.all()) == []
    assert [mail.to for mail in mailoutbox[mails:]] == [["ines@test.example"]]


def test_the_secret_of_the_app_is_kept_encrypted_and_survives_a_new_key(
    english: Client, ines: Person, mailed_code: Code, settings: Settings
) -> None:
    sign_in(english, "ines@test.example", mailed_code)
    secret = set_up_app(english)
    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-for-this-test-of-fifty-characters-or-more"

    assert secret not in kept
    assert get_adapter().decrypt(kept) == secret


def test_demo_people_pass_without_a_second_step_only_in_the_demo(
    english: Client, fund: Fund, settings: Settings
) -> None:
    settings.DEMO_SIGN_IN = True
    otto = create_demo_people()["otto"]
    give_seat(fund=fund, person=otto, role=Role.OFFICIAL, from_date=otto.created_at.date(), by=None)
    english.post("/demo/", {"person": "otto"})

    in_the_demo = english.get("/account/").status_code
    settings.DEMO_SIGN_IN = False

    assert in_the_demo == 200
    assert english.get("/account/").headers["location"] == SET_UP


def test_a_passkey_is_asked_for_with_fresh_options(client: Client) -> None:
    answer = client.get("/account/passkey/login/", headers={"accept": "application/json"})

    options = json.loads(answer.text)["request_options"]["publicKey"]
    assert (options["rpId"], options["userVerification"]) == ("testserver", "required")


@pytest.mark.parametrize(
    "posted", ["", "{}", "[]", "null", "no json", '{"id": "x"}', '{"response": {"userHandle": 7}}']
)
def test_a_passkey_that_makes_no_sense_signs_nobody_in(english: Client, ines: Person, posted: str) -> None:
    english.get("/account/passkey/login/", headers={"accept": "application/json"})

    response = english.post("/account/passkey/login/", {"credential": posted})

    assert (response.status_code, response.headers["location"]) == (302, "/account/login/")
    assert "_auth_user_id" not in english.session


@pytest.mark.parametrize("posted", ["", "{}", "[]", "null", "no json", '{"id": "x"}', '{"rawId": "x", "response": 7}'])
def test_a_new_passkey_that_makes_no_sense_is_not_kept(
    as_person: Callable[[Person], Client], ines: Person, posted: str
) -> None:
    client = as_person(ines)
    client.get("/account/factors/passkeys/add/")

    response = client.post("/account/factors/passkeys/add/", {"name": "my phone", "credential": posted})

    assert response.status_code == 200
    assert response.context["form"].errors
    assert "my phone" in response.text
    assert not Authenticator.objects.exists()


def test_nobody_sees_or_removes_the_passkey_of_somebody_else(
    as_person: Callable[[Person], Client], ines: Person, omar: Person
) -> None:
    passkey = Authenticator.objects.create(
        user=ines, type=Authenticator.Type.WEBAUTHN, data={"name": "phone of Ines", "credential": {}}
    )
    client = as_person(omar)

    answers = [
        client.post(reverse(name, kwargs={"pk": passkey.pk}), {"name": "mine"}).status_code
        for name in ("mfa_remove_webauthn", "mfa_edit_webauthn")
    ]

    assert answers == [404, 404]
    assert "phone of Ines" not in client.get("/account/").text


def test_the_check_costs_nothing_once_the_second_step_is_taken(
    english: Client, otto: Person, mailed_code: Code, settings: Settings
) -> None:
    sign_in(english, "otto@test.example", mailed_code)
    set_up_app(english)

    with CaptureQueriesContext(connection) as checked:
        english.get("/account/")
    settings.SECOND_FACTOR_REQUIRED = False
    with CaptureQueriesContext(connection) as unchecked:
        english.get("/account/")

    assert len(checked) == len(unchecked)
