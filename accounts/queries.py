"""Reading about people, and about what went out in the demo."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from accounts.addresses import Address, Kind
from accounts.demo import DEMO_PEOPLE, DemoPerson
from accounts.models import Notice, OutgoingMessage, Person


def person_with(address: Address) -> Person | None:
    """Find who has this mail address or number; None when nobody has."""
    return Person.objects.filter(**{address.kind: address.value}).first()


@dataclass(frozen=True, slots=True)
class DemoChoice:
    """A button on the demo page: who it is, and the person in the database once the demo is loaded."""

    demo: DemoPerson
    person: Person | None


def demo_people() -> list[DemoChoice]:
    """Return every demo person in a fixed order; one query."""
    known = {person.email: person for person in Person.objects.filter(email__in=[demo.email for demo in DEMO_PEOPLE])}
    return [DemoChoice(demo, known.get(demo.email)) for demo in DEMO_PEOPLE]


def demo_person(key: str) -> Person | None:
    """Find the person in the database behind a demo key such as ``ines``; None when there is none."""
    emails = [demo.email for demo in DEMO_PEOPLE if demo.key == key]
    return Person.objects.filter(email__in=emails, is_active=True).first()


def choices_of_the_demo(user: object) -> list[DemoChoice]:
    """Loader of the demo page: Http404 where the demo is off, so that nobody can tell that it exists."""
    if not settings.DEMO_SIGN_IN:
        raise Http404
    return demo_people()


def messages_of_the_demo(user: object) -> QuerySet[OutgoingMessage]:
    """Loader of the outbox: what went out, newest first; Http404 where the demo is off."""
    if not settings.DEMO_SIGN_IN:
        raise Http404
    return OutgoingMessage.objects.all()


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """The mail address or number by which somebody signs in; `current` is empty while there is none."""

    person: Person
    kind: Kind

    @property
    def current(self) -> str:
        """The address as people write it."""
        value = getattr(self.person, self.kind)
        return Address(self.kind, value).shown if value else ""

    @property
    def removable(self) -> bool:
        """Whether another address stays to sign in with."""
        return bool(self.person.email and self.person.phone)


def myself(user: Person) -> Person:
    """Loader of personal pages: the person who is signed in."""
    return user


def own_address(user: Person, kind: Kind) -> OwnAddress:
    """Loader of the pages about somebody's own mail address or number."""
    return OwnAddress(user, kind)


@dataclass(frozen=True, slots=True)
class SignIn:
    """How somebody signs in: their second factors, and how many recovery codes are left (None without any)."""

    passkeys: list[Authenticator]
    app: Authenticator | None
    recovery_codes_left: int | None

    @property
    def has_second_factor(self) -> bool:
        """Whether there is an app or a passkey."""
        return bool(self.passkeys or self.app)


def sign_in_of(person: Person) -> SignIn:
    """Return the second factors of a person; one query."""
    passkeys, app, codes_left = [], None, None
    for authenticator in Authenticator.objects.filter(user=person).order_by("pk"):
        if authenticator.type == Authenticator.Type.WEBAUTHN:
            passkeys.append(authenticator)
        elif authenticator.type == Authenticator.Type.TOTP:
            app = authenticator
        else:
            codes_left = len(authenticator.wrap().get_unused_codes())
    return SignIn(passkeys, app, codes_left)


# --- notices ----------------------------------------------------------------------------------------------------------


def thing_of(about: Model | None) -> str:
    """Return how a notice names what it is about: ``proposal:12``, or empty."""
    return f"{type(about).__name__.lower()}:{about.pk}" if about is not None else ""


def waits_to_be_sent(person: Person, about: Model) -> bool:
    """Whether something that we had to tell this person about a thing did not go out yet. One query."""
    states = [Notice.State.WAITING, Notice.State.FAILED]
    return Notice.objects.filter(person=person, about=thing_of(about), state__in=states).exists()


# --- what is kept about a person: each app hands in its own part ------------------------------------------------------


class Fact(NamedTuple):
    """One thing that is kept: its key in the file, how it is called on screen, and the value (JSON, or a date)."""

    key: str
    label: Any
    value: Any


class KeptItem(NamedTuple):
    """Something that is kept about a person, such as one proposal: its facts, and a title to know it by."""

    title: str
    facts: list[Fact]


class KeptPart(NamedTuple):
    """A part of what is kept, with its key in the file and a heading. Items are made for one person, in few queries."""

    key: str
    label: Any
    items: Callable[[Person], list[KeptItem]]
    place: int = 50


_parts: list[KeptPart] = []


def add_kept_part(part: KeptPart) -> None:
    """Let a higher app show what it keeps about a person; called once, in its AppConfig.ready."""
    if all(known.key != part.key for known in _parts):
        _parts.append(part)
        _parts.sort(key=lambda known: known.place)


class OwnData(NamedTuple):
    """Everything that is kept about a person, part by part."""

    person: Person
    parts: list[tuple[KeptPart, list[KeptItem]]]


def own_data(user: Person) -> OwnData:
    """Loader of "My data": what every app keeps about the person who is signed in."""
    parts = [(part, part.items(user)) for part in (PERSON_PART, NOTICES_PART, *_parts)]
    return OwnData(user, parts)


def _about_person(person: Person) -> list[KeptItem]:
    facts = [
        Fact("name", _("Name"), person.name),
        Fact("email", _("Mail address"), person.email or ""),
        Fact("email_verified_at", _("Mail address checked on"), person.email_verified_at),
        Fact("phone", _("Mobile number"), person.phone or ""),
        Fact("phone_verified_at", _("Mobile number checked on"), person.phone_verified_at),
        Fact("channel", _("How we reach you"), person.get_channel_display()),
        Fact("wants_reminders", _("Reminders"), person.wants_reminders),
        Fact("language", _("Language"), dict(settings.LANGUAGES).get(person.language, "")),
        Fact("created_at", _("Account since"), person.created_at),
        Fact("last_login", _("Signed in last on"), person.last_login),
    ]
    return [KeptItem(person.name, facts)]


def _notices_of(person: Person) -> list[KeptItem]:
    return [
        KeptItem(
            notice.subject,
            [
                Fact("created_at", _("Written on"), notice.created_at),
                Fact("channel", _("How"), notice.get_channel_display()),
                Fact("state", _("State"), notice.get_state_display()),
                Fact("text", _("Text"), notice.text),
            ],
        )
        for notice in Notice.objects.filter(person=person)
    ]


PERSON_PART = KeptPart("person", _("Your account"), _about_person)
NOTICES_PART = KeptPart("notices", _("What we sent you"), _notices_of)
