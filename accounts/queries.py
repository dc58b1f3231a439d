"""Reading about people, and about what went out in the demo."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404

from accounts.addresses import Address, Kind
from accounts.demo import DEMO_PEOPLE, DemoPerson
from accounts.models import OutgoingMessage, Person


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
