"""Reading about people, and about what went out in the demo."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404

from accounts.demo import DEMO_PEOPLE, DemoPerson
from accounts.models import OutgoingMessage, Person


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
