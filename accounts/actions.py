"""What people do with their own account."""

from django.db import transaction
from django.utils import timezone

from accounts.demo import DEMO_PEOPLE
from accounts.models import Person


@transaction.atomic
def create_demo_people() -> dict[str, Person]:
    """Make the people of the demo, or leave them as they are; returns them by key (``ines``, ``omar``…)."""
    now = timezone.now()
    people = {}
    for demo in DEMO_PEOPLE:
        people[demo.key], _created = Person.objects.get_or_create(
            email=demo.email, defaults={"name": demo.name, "email_verified_at": now, "password": "!"}
        )
    return people
