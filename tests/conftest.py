"""The people of the tests, a fund with a round, and a site in test dress."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Person
from rounds.actions import create_fund, create_round, give_seat, set_criteria
from rounds.lifecycle import Role
from rounds.models import Fund, Round


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser journeys last, in every process.

    The browser runs an event loop in the thread of the tests, which gives Django a second connection for the rest of
    that process. On SQLite in memory that one can hold a lock for ever, where tests that copy the database would wait.
    """
    items.sort(key=lambda item: item.nodeid.startswith("tests/journeys/"))


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Settings) -> None:
    """Tests need no collected, hashed files; the hashing itself is tested where it matters."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def _person(name: str) -> Person:
    return Person.objects.create_user(f"{name.lower()}@test.example", name=name)


@pytest.fixture
def fund(db: None) -> Fund:
    return create_fund(by=None, name="Participatiefonds", slug="participatiefonds")


def _seated(name: str, role: Role, fund: Fund) -> Person:
    person = _person(name)
    give_seat(fund=fund, person=person, role=role, from_date=date(2020, 1, 1), by=None)
    return person


@pytest.fixture
def ines(db: None) -> Person:
    """An initiator."""
    return _person("Ines")


@pytest.fixture
def omar(db: None) -> Person:
    """Another initiator."""
    return _person("Omar")


@pytest.fixture
def hanna(db: None) -> Person:
    """A helper."""
    return _person("Hanna")


@pytest.fixture
def corrie(fund: Fund) -> Person:
    """A committee member."""
    return _seated("Corrie", Role.MEMBER, fund)


@pytest.fixture
def vera(fund: Fund) -> Person:
    """The chair."""
    return _seated("Vera", Role.CHAIR, fund)


@pytest.fixture
def otto(fund: Fund) -> Person:
    """An official."""
    return _seated("Otto", Role.OFFICIAL, fund)


@pytest.fixture
def bea(fund: Fund) -> Person:
    """A mandate holder."""
    return _seated("Bea", Role.MANDATE_HOLDER, fund)


@pytest.fixture
def raf(fund: Fund) -> Person:
    """A council member."""
    return _seated("Raf", Role.COUNCIL, fund)


@pytest.fixture
def planned_round(fund: Fund, otto: Person) -> Round:
    """A round in preparation with nothing left to do before it opens."""
    now = timezone.now()
    round = create_round(
        fund=fund,
        by=otto,
        name="Ronde 2027",
        slug="ronde-2027",
        call="Vertel ons uw idee.",
        ceiling=100_000_00,
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=30),
    )
    criteria = [{"name": "Meedoen", "question": "Helpt dit mensen om mee te doen?", "weight": 2}]
    set_criteria(round=round, edition=round.edition, by=otto, criteria=criteria)
    return round


@pytest.fixture
def as_person(client: Client) -> Callable[[Person | None], Client]:
    """Return a function that signs a person in on the test client, and gives back the client."""

    def sign_in(person: Person | None) -> Client:
        if person is None:
            client.logout()
        else:
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
