"""My sign-in: looking it over, changing name, language, address and number."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.actions import LastAddress, notify_person, person_behind, remove_address
from accounts.addresses import Address
from accounts.models import OutgoingMessage, Person

pytestmark = pytest.mark.django_db

CODE = "/account/code/"
Code = Callable[[], str]


@pytest.fixture
def mine(english: Client, ines: Person) -> Client:
    """The browser of Ines, in English."""
    english.force_login(ines, backend="allauth.account.auth_backends.AuthenticationBackend")
    return english


@pytest.mark.parametrize(
    "url",
    [
        "/account/",
        "/account/profile/",
        "/account/email/",
        "/account/phone/",
        CODE,
        "/account/factors/app/",
        "/account/factors/passkeys/add/",
        "/account/factors/recovery-codes/",
        "/account/second-factor/",
    ],
)
def test_a_visitor_signs_in_first(client: Client, url: str) -> None:
    response = client.get(url)

    assert response.status_code == 302
    assert response.headers["location"].startswith("/account/login/?next=")


def test_the_page_shows_how_somebody_signs_in(mine: Client, ines: Person) -> None:
    Person.objects.filter(pk=ines.pk).update(phone="+31612345678", language="nl")

    page = mine.get("/account/").text

    assert [word in page for word in ("Ines", "ines@test.example", "06 12345678", "Add a passkey")] == [True] * 4


@pytest.mark.parametrize("passkeys", [1, 3])
def test_the_page_takes_the_same_queries_for_any_number_of_passkeys(
    mine: Client, ines: Person, passkeys: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(passkeys):
        Authenticator.objects.create(
            user=ines, type=Authenticator.Type.WEBAUTHN, data={"name": f"phone {number}", "credential": {}}
        )

    with django_assert_num_queries(4):
        page = mine.get("/account/")

    assert page.text.count("Rename") == passkeys


def test_name_and_language_are_kept_and_the_site_goes_on_in_that_language(mine: Client, ines: Person) -> None:
    response = mine.post("/account/profile/", {"name": "Ines Martens", "language": "nl"})

    ines.refresh_from_db()
    assert (ines.name, ines.language) == ("Ines Martens", "nl")
    assert response.headers["location"] == "/account/"
    assert response.cookies["django_language"].value == "nl"


@pytest.mark.parametrize("posted", [{"name": "x" * 121, "language": "nl"}, {"name": "Ines", "language": "fr"}])
def test_what_cannot_be_kept_is_shown_again(mine: Client, ines: Person, posted: dict[str, str]) -> None:
    response = mine.post("/account/profile/", posted)

    ines.refresh_from_db()
    assert response.status_code == 200
    assert (ines.name, ines.language) == ("Ines", "")
    assert posted["name"] in response.text


def test_a_new_mail_address_counts_after_its_code_and_the_old_one_is_told(
    mine: Client,
    ines: Person,
    mailed_code: Code,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    EmailAddress.objects.create(user=ines, email="ines@test.example", verified=True, primary=True)

    asked = mine.post("/account/email/", {"address": "New@Example.nl"})
    ines.refresh_from_db()
    before = ines.email
    with django_capture_on_commit_callbacks(execute=True):
        done = mine.post(CODE, {"code": mailed_code()}, follow=True)

    ines.refresh_from_db()
    assert (asked.headers["location"], before, ines.email) == (CODE, "ines@test.example", "new@example.nl")
    assert ines.email_verified_at is not None
    assert "From now on you sign in with new@example.nl." in done.text
    assert [mail.to for mail in mailoutbox] == [["new@example.nl"], ["ines@test.example"]]
    assert list(EmailAddress.objects.all()) == []


def test_a_number_is_added_with_a_code_by_text_message(mine: Client, ines: Person, texted_code: Code) -> None:
    mine.post("/account/phone/", {"address": "06 12345678"})
    mine.post(CODE, {"code": texted_code()})

    ines.refresh_from_db()
    assert (ines.phone, ines.email) == ("+31612345678", "ines@test.example")
    assert ines.phone_verified_at is not None


@pytest.mark.parametrize(
    ("kind", "typed", "message"),
    [
        ("email", "", "Fill in your mail address."),
        ("email", "06 12345678", "This is not a whole mail address."),
        ("phone", "", "Fill in your mobile number."),
        ("phone", "ines@test.example", "This is not a whole mobile number."),
    ],
)
def test_an_address_that_is_not_whole_is_said_and_kept(mine: Client, kind: str, typed: str, message: str) -> None:
    response = mine.post(f"/account/{kind}/", {"address": typed})

    assert message in response.text
    assert typed in response.text


def test_an_address_of_somebody_else_is_not_given_away_until_one_proves_to_own_it(
    mine: Client, ines: Person, omar: Person, mailed_code: Code
) -> None:
    asked = mine.post("/account/email/", {"address": "omar@test.example"})
    done = mine.post(CODE, {"code": mailed_code()}, follow=True)

    ines.refresh_from_db()
    assert asked.headers["location"] == CODE
    assert "You already have another account with this address." in done.text
    assert ines.email == "ines@test.example"


def test_wrong_codes_change_nothing_and_stop_after_five(mine: Client, ines: Person, mailed_code: Code) -> None:
    mine.post("/account/phone/", {"address": "0612345678"})
    right = OutgoingMessage.objects.get().text
    wrong = "000000" if "000000" not in right else "111111"

    first = mine.post(CODE, {"code": wrong})
    for _turn in range(3):
        mine.post(CODE, {"code": wrong})
    fifth = mine.post(CODE, {"code": wrong}, follow=True)

    ines.refresh_from_db()
    assert "You can try 4 more times." in first.text
    assert fifth.redirect_chain == [("/account/phone/", 302)]
    assert "You tried five times." in fifth.text
    assert ines.phone is None


def test_the_code_for_an_address_gets_old_too(
    mine: Client, ines: Person, mailed_code: Code, later: Callable[[int], None]
) -> None:
    mine.post("/account/email/", {"address": "new@example.nl"})

    later(15 * 60 + 1)
    response = mine.post(CODE, {"code": mailed_code()}, follow=True)

    ines.refresh_from_db()
    assert "This code is too old" in response.text
    assert ines.email == "ines@test.example"


def test_a_new_code_for_an_address_can_be_asked_for(
    mine: Client, ines: Person, mailed_code: Code, mailoutbox: list[EmailMessage]
) -> None:
    mine.post("/account/email/", {"address": "new@example.nl"})
    for _turn in range(4):
        mine.post(CODE, {"action": "resend"})
    refused = mine.post(CODE, {"action": "resend"}, follow=True)
    mine.post(CODE, {"code": mailed_code()})

    ines.refresh_from_db()
    assert len(mailoutbox) == 5
    assert "Wait a quarter of an hour" in refused.text
    assert ines.email == "new@example.nl"


def test_a_change_that_somebody_else_began_in_this_browser_is_not_taken_over(
    mine: Client, omar: Person, mailed_code: Code
) -> None:
    mine.post("/account/email/", {"address": "new@example.nl"})
    begun = mine.session["accounts.address_change"]
    mine.force_login(omar, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = mine.session
    session["accounts.address_change"] = begun
    session.save()

    response = mine.post(CODE, {"code": mailed_code()})

    omar.refresh_from_db()
    assert response.headers["location"] == "/account/"
    assert omar.email == "omar@test.example"


def test_one_of_two_addresses_can_be_removed(
    mine: Client,
    ines: Person,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    Person.objects.filter(pk=ines.pk).update(phone="+31612345678", phone_verified_at=timezone.now())

    shown = mine.get("/account/phone/").text
    with django_capture_on_commit_callbacks(execute=True):
        mine.post("/account/phone/remove/")

    ines.refresh_from_db()
    assert "Remove 06 12345678" in shown
    assert (ines.phone, ines.phone_verified_at, ines.email) == (None, None, "ines@test.example")
    assert OutgoingMessage.objects.get().recipient == "+31612345678"


def test_the_last_address_cannot_be_removed(mine: Client, ines: Person) -> None:
    shown = mine.get("/account/email/").text
    response = mine.post("/account/email/remove/", follow=True)

    ines.refresh_from_db()
    assert "Remove ines@test.example" not in shown
    assert "This is the only way to reach you." in response.text
    assert ines.email == "ines@test.example"
    with pytest.raises(LastAddress):
        remove_address(person=ines, kind="email")


def test_removing_an_address_twice_does_no_harm(ines: Person, mailoutbox: list[EmailMessage]) -> None:
    remove_address(person=ines, kind="phone")

    assert (ines.phone, ines.email, mailoutbox) == (None, "ines@test.example", [])


def test_proving_the_same_address_twice_gives_the_same_person(ines: Person) -> None:
    address = Address("email", "new@example.nl")

    first = person_behind(address=address, language="nl")
    second = person_behind(address=address, language="en")

    assert (first, first.language, second.language) == (second, "nl", "nl")


def test_who_has_no_mail_address_hears_by_text_message_and_who_has_neither_does_not(
    ines: Person, mailoutbox: list[EmailMessage]
) -> None:
    by_phone = Person.objects.create_user(phone="+31612345678")
    on_paper = Person.objects.create_user(name="Somebody with paper")

    told = [
        notify_person(person=person, subject="News", text="There is news.") for person in (ines, by_phone, on_paper)
    ]

    assert told == [True, True, False]
    assert [mail.to for mail in mailoutbox] == [["ines@test.example"]]
    assert [message.recipient for message in OutgoingMessage.objects.all()] == ["+31612345678"]
