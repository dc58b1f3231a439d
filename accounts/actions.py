"""What people do with their own account."""

import logging

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.addresses import Address, Kind
from accounts.demo import DEMO_PEOPLE
from accounts.models import Person
from accounts.queries import person_with
from accounts.sms import send_sms

log = logging.getLogger("accounts")

CODE_MINUTES = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60


class AddressTaken(Exception):
    """Somebody else already has this mail address or number."""


class LastAddress(Exception):
    """Without this address the person could never sign in again."""


def send_code(*, address: Address, code: str, language: str) -> bool:
    """Send a six-digit code; in the language of the person behind the address, if there is one, else in `language`.

    False when it could not be handed over. Neither the subject nor the text names the fund.
    """
    person = person_with(address)
    with translation.override((person and person.language) or language or settings.LANGUAGE_CODE):
        context = {"code": code, "minutes": CODE_MINUTES, "municipality": settings.MUNICIPALITY_NAME}
        if address.is_phone:
            return send_sms(address.value, render_to_string("accounts/code_sms.txt", context).strip())
        return send_mail(
            to=address.value, subject=_("Your code"), text=render_to_string("accounts/code_mail.txt", context)
        )


def send_mail(*, to: str, subject: str, text: str) -> bool:
    """Send a mail at once; False (and a line in the log, without the address) when that failed."""
    try:
        EmailMessage(subject, text.strip() + "\n", settings.DEFAULT_FROM_EMAIL, [to]).send()
    except OSError as failure:  # smtplib's own exceptions are OSErrors too
        log.error("mail not sent: %s", type(failure).__name__)  # noqa: TRY400 - a traceback could show the address
        return False
    return True


def notify_person(*, person: Person, subject: str, text: str) -> bool:
    """Tell somebody something about their own account, by mail or else by text message; False without either."""
    if person.email:
        return send_mail(to=person.email, subject=subject, text=text)
    return bool(person.phone) and send_sms(str(person.phone), text)


@transaction.atomic
def person_behind(*, address: Address, language: str) -> Person:
    """Return the person who just proved to own this address; somebody new gets an account, named later."""
    # get_or_create: the same person may do this in two browsers at the same moment.
    person, _new = Person.objects.get_or_create(
        **{address.kind: address.value}, defaults={"language": language, "password": make_password(None)}
    )
    verified = f"{address.kind}_verified_at"
    if getattr(person, verified) is None:
        setattr(person, verified, timezone.now())
        person.save(update_fields=[verified])
    return person


@transaction.atomic
def change_address(*, person: Person, address: Address) -> None:
    """Give somebody the new mail address or number that they proved to own, and tell the old address.

    Raises AddressTaken.
    """
    old = Address(address.kind, getattr(person, address.kind)) if getattr(person, address.kind) else None
    setattr(person, address.kind, address.value)
    setattr(person, f"{address.kind}_verified_at", timezone.now())
    try:
        with transaction.atomic():
            person.save(update_fields=[address.kind, f"{address.kind}_verified_at"])
    except IntegrityError:
        raise AddressTaken from None
    EmailAddress.objects.filter(user=person).delete()  # what the staff sign-in left there; Person is what counts
    if old and old != address:
        transaction.on_commit(lambda: _tell_old_address(old, person.language))


@transaction.atomic
def remove_address(*, person: Person, kind: Kind) -> None:
    """Take somebody's mail address or number away. Raises LastAddress when the other one is missing."""
    other: Kind = "email" if kind == "phone" else "phone"
    if not getattr(person, other):
        raise LastAddress
    old = Address(kind, getattr(person, kind) or "")
    setattr(person, kind, None)
    setattr(person, f"{kind}_verified_at", None)
    person.save(update_fields=[kind, f"{kind}_verified_at"])
    EmailAddress.objects.filter(user=person).delete()
    if old.value:
        transaction.on_commit(lambda: _tell_old_address(old, person.language))


def _tell_old_address(old: Address, language: str) -> None:
    with translation.override(language or settings.LANGUAGE_CODE):
        context = {"municipality": settings.MUNICIPALITY_NAME, "phone": settings.HELP_PHONE}
        text = render_to_string("accounts/address_changed.txt", context).strip()
        if old.is_phone:
            send_sms(old.value, text)
        else:
            send_mail(to=old.value, subject=_("Something changed in your account"), text=text)


def change_profile(*, person: Person, name: str, language: str) -> None:
    """Change how somebody is called and in which language we write."""
    person.name, person.language = name, language
    person.save(update_fields=["name", "language"])


@transaction.atomic
def create_demo_people() -> dict[str, Person]:
    """Make the people of the demo, or leave them as they are; returns them by key (``ines``, ``omar``…)."""
    now = timezone.now()
    people = {}
    for demo in DEMO_PEOPLE:
        people[demo.key], _created = Person.objects.get_or_create(
            email=demo.email, defaults={"name": demo.name, "email_verified_at": now, "password": make_password(None)}
        )
    return people
