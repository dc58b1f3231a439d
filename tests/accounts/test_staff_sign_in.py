"""Staff who come in through the municipality's own sign-in: who they become here, and what is not believed."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django import Settings

from accounts.models import Person
from tests.accounts.local_server import LocalServer, local_server

pytestmark = pytest.mark.django_db

START = "/account/oidc/staff/login/"
CALLBACK = "/account/oidc/staff/login/callback/"


@pytest.fixture
def municipality(settings: Settings) -> Iterator[LocalServer]:
    with local_server() as server:
        settings.OIDC_NAME = "Voorbeeldstad aanmelden"
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": "staff",
                        "name": "Voorbeeldstad aanmelden",
                        "client_id": "kantelfonds",
                        "secret": "secret-of-this-site",
                        "settings": {"server_url": server.url, "verified_email": []},
                    }
                ],
            }
        }
        server.answers["/.well-known/openid-configuration"] = (
            200,
            {
                "issuer": server.url,
                "authorization_endpoint": f"{server.url}/authorize",
                "token_endpoint": f"{server.url}/token",
                "userinfo_endpoint": f"{server.url}/userinfo",
                "jwks_uri": f"{server.url}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
        )
        server.answers["/token"] = (200, {"access_token": "of-the-visitor", "token_type": "Bearer"})
        yield server


def come_in(client: Client, server: LocalServer, claims: dict[str, Any], onward: str = "") -> Any:
    """Go to the municipality and come back with these claims; return the last answer."""
    server.answers["/userinfo"] = (200, claims)
    there = client.get(START, query_params={"next": onward} if onward else {})
    state = parse_qs(urlsplit(there.headers["location"]).query)["state"][0]
    return client.get(CALLBACK, query_params={"code": "from-the-municipality", "state": state})


def test_the_button_is_only_there_when_it_leads_somewhere(client: Client, municipality: LocalServer) -> None:
    with_button = client.get("/account/login/?next=/account/").text

    assert f'href="{START}?next=/account/"' in with_button
    assert "Voorbeeldstad aanmelden" in with_button


def test_without_settings_there_is_no_button_and_nothing_behind_it(client: Client) -> None:
    assert START not in client.get("/account/login/").text
    assert client.get(START).status_code == 404
    assert client.get(CALLBACK).status_code == 404


def test_the_way_to_the_municipality_is_protected_by_state_and_proof_key(
    client: Client, municipality: LocalServer
) -> None:
    there = client.get(START)

    query = parse_qs(urlsplit(there.headers["location"]).query)
    assert there.headers["location"].startswith(f"{municipality.url}/authorize?")
    assert query["client_id"] == ["kantelfonds"]
    assert query["redirect_uri"] == [f"http://testserver{CALLBACK}"]
    assert query["code_challenge_method"] == ["S256"]
    assert (len(query["state"]), len(query["code_challenge"])) == (1, 1)


def test_somebody_new_comes_in_with_name_and_verified_address_and_nothing_else(
    client: Client, municipality: LocalServer
) -> None:
    claims = {
        "sub": "42",
        "name": "Otto Jansen",
        "email": "Otto@Voorbeeldstad.example",
        "email_verified": True,
        "picture": "https://voorbeeldstad.example/otto.jpg",
        "department": "Zorg",
    }

    back = come_in(client, municipality, claims, onward="/account/")

    person = Person.objects.get()
    assert back.headers["location"] == "/account/"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert (person.name, person.email, person.has_usable_password()) == (
        "Otto Jansen",
        "otto@voorbeeldstad.example",
        False,
    )
    assert person.email_verified_at is not None
    assert SocialAccount.objects.get().extra_data == {}
    assert list(EmailAddress.objects.all()) == []


def test_the_second_time_it_is_the_same_person_whatever_the_address_has_become(
    client: Client, municipality: LocalServer
) -> None:
    come_in(client, municipality, {"sub": "42", "name": "Otto", "email": "otto@v.example", "email_verified": True})
    first = Person.objects.get()
    elsewhere = Client()

    come_in(elsewhere, municipality, {"sub": "42", "name": "O.", "email": "new@v.example", "email_verified": True})

    assert elsewhere.session["_auth_user_id"] == str(first.pk)
    assert Person.objects.get().email == "otto@v.example"
    assert SocialAccount.objects.get().extra_data == {}


def test_a_verified_address_leads_to_the_account_that_has_it(
    client: Client, municipality: LocalServer, ines: Person
) -> None:
    come_in(client, municipality, {"sub": "7", "email": "INES@test.example", "email_verified": True})

    ines.refresh_from_db()
    assert client.session["_auth_user_id"] == str(ines.pk)
    assert (ines.name, ines.email) == ("Ines", "ines@test.example")
    assert SocialAccount.objects.get().user == ines


@pytest.mark.parametrize("verified", [False, None, "false", "true", 1])
def test_an_address_that_is_not_verified_never_takes_over_an_account(
    english: Client, municipality: LocalServer, ines: Person, verified: object
) -> None:
    back = come_in(english, municipality, {"sub": "7", "email": "ines@test.example", "email_verified": verified})

    assert back.status_code == 409
    assert "Sign in with a code first" in back.text
    assert "_auth_user_id" not in english.session
    assert SocialAccount.objects.count() == 0


def test_an_address_that_is_not_verified_is_not_kept_for_somebody_new(
    client: Client, municipality: LocalServer
) -> None:
    come_in(client, municipality, {"sub": "7", "name": "Bea", "email": "ines@test.example"})

    person = Person.objects.get()
    assert client.session["_auth_user_id"] == str(person.pk)
    assert (person.name, person.email) == ("Bea", None)


def test_the_municipality_can_vouch_for_its_own_domains(
    client: Client, municipality: LocalServer, settings: Settings
) -> None:
    [app] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    app["settings"]["verified_email"] = ["voorbeeldstad.example"]

    come_in(client, municipality, {"sub": "7", "email": "bea@voorbeeldstad.example"})
    come_in(Client(), municipality, {"sub": "8", "email": "bea@elsewhere.example"})

    assert sorted(str(person.email) for person in Person.objects.all()) == ["None", "bea@voorbeeldstad.example"]


def test_who_has_a_second_step_is_asked_for_it_here_too(
    client: Client, municipality: LocalServer, ines: Person
) -> None:
    Authenticator.objects.create(user=ines, type=Authenticator.Type.TOTP, data={"secret": "x"})

    back = come_in(client, municipality, {"sub": "7", "email": "ines@test.example", "email_verified": True})

    assert back.headers["location"] == "/account/second-factor/authenticate/"
    assert "_auth_user_id" not in client.session


def test_who_has_to_have_one_and_has_none_is_led_to_set_it_up(
    client: Client, municipality: LocalServer, otto: Person, settings: Settings
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True

    come_in(client, municipality, {"sub": "7", "email": "otto@test.example", "email_verified": True})

    assert client.session["_auth_user_id"] == str(otto.pk)
    assert client.get("/account/").headers["location"] == "/account/second-factor/"


def test_a_closed_account_stays_closed(client: Client, municipality: LocalServer, ines: Person) -> None:
    Person.objects.filter(pk=ines.pk).update(is_active=False)

    back = come_in(client, municipality, {"sub": "7", "email": "ines@test.example", "email_verified": True})

    assert back.headers["location"] == "/account/inactive/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("broken", ["/token", "/userinfo", "/.well-known/openid-configuration"])
def test_a_sign_in_that_is_out_of_order_gets_a_page_that_says_so(
    english: Client, municipality: LocalServer, broken: str
) -> None:
    municipality.answers["/userinfo"] = (200, {"sub": "1"})
    state = parse_qs(urlsplit(english.get(START).headers["location"]).query)["state"][0]
    municipality.answers[broken] = (500, {})

    back = english.get(CALLBACK, query_params={"code": "c", "state": state})

    assert "Signing in did not work" in back.text
    assert "_auth_user_id" not in english.session


def test_a_sign_in_that_is_out_of_order_is_also_said_before_one_leaves(
    english: Client, municipality: LocalServer, caplog: pytest.LogCaptureFixture
) -> None:
    municipality.answers["/.well-known/openid-configuration"] = (503, {})

    response = english.get(START)

    assert response.status_code == 502
    assert "Signing in did not work" in response.text
    assert "the staff sign-in does not answer: HTTPError" in caplog.messages


def test_an_answer_that_nobody_asked_for_is_refused(english: Client, municipality: LocalServer) -> None:
    back = english.get(CALLBACK, query_params={"code": "c", "state": "made-up"})

    assert "Signing in did not work" in back.text
    assert "_auth_user_id" not in english.session


def test_who_stops_half_way_reads_that_nothing_happened(english: Client, municipality: LocalServer) -> None:
    state = parse_qs(urlsplit(english.get(START).headers["location"]).query)["state"][0]

    back = english.get(CALLBACK, query_params={"error": "access_denied", "state": state}, follow=True)

    assert "You stopped signing in" in back.text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example"])
def test_it_never_leads_to_another_site(client: Client, municipality: LocalServer, elsewhere: str) -> None:
    back = come_in(client, municipality, {"sub": "7"}, onward=elsewhere)

    assert back.headers["location"] == "/"
