"""What people do with their own account, and how we tell them something."""

import logging
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.tasks import task, task_backends
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.addresses import Address, Kind
from accounts.demo import DEMO_PEOPLE
from accounts.models import ContactChannel, Notice, Person
from accounts.queries import person_with, thing_of
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
    except (OSError, ValueError) as failure:  # smtplib's own are OSErrors; an address that is none is a ValueError
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


def change_contact(*, person: Person, channel: ContactChannel | str, wants_reminders: bool) -> None:
    """Change how somebody wants to hear from us, and whether we remind them of what they did not send yet."""
    person.channel, person.wants_reminders = channel, wants_reminders
    person.save(update_fields=["channel", "wants_reminders"])


def anonymise_person(*, person: Person) -> None:
    """Take from an account everything by which somebody is known or can sign in. It cannot be undone.

    The row stays, as a number: what was sent in, scored or decided still belongs to one and the same person. The
    caller holds the transaction and has looked after what the person leaves behind elsewhere.
    """
    Notice.objects.filter(person=person).delete()
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    person.name, person.email, person.phone = "", None, None
    person.email_verified_at = person.phone_verified_at = person.last_login = None
    person.password = make_password(None)  # also ends every session: each holds a digest of it
    person.is_active, person.wants_reminders, person.closed_at = False, False, timezone.now()
    person.save()


# --- notices: kept first, sent after the commit, tried again as long as that fails ------------------------------------

# Minutes until the next try, after the first, the second… An outage of a weekend is bridged.
PAUSES = (1, 5, 15, 60, 240, 720, 1440, 1440)
# How long one try can take before somebody else may take over: a process can be stopped in the middle.
CLAIM = timedelta(minutes=10)


def notify(
    *, person: Person, subject: str, text: str, short_text: str = "", about: models.Model | None = None
) -> Notice:
    """Tell somebody something: keep it now, send it after the commit, by mail, text message or letter.

    The person chooses the way; without an address for it the other one is taken, and without any it becomes a
    letter. `short_text` is what a text message says instead of `text`. Write both in the person's language. Nothing is
    raised when sending fails: the notice waits and is tried again (``send_waiting``).
    """
    channel = _channel_of(person)
    now = timezone.now()
    notice = Notice.objects.create(
        person=person,
        channel=channel,
        subject=" ".join(subject.split()),
        text=(short_text if channel == ContactChannel.SMS and short_text else text).strip(),
        about=thing_of(about),
        state=Notice.State.TO_PRINT if channel == ContactChannel.POST else Notice.State.WAITING,
        created_at=now,
        next_try_at=now,
    )
    if notice.state == Notice.State.WAITING:
        transaction.on_commit(lambda: send_notice.enqueue(notice.pk))
    return notice


def _channel_of(person: Person) -> ContactChannel:
    possible = {
        ContactChannel.MAIL: bool(person.email),
        ContactChannel.SMS: bool(person.phone),
        ContactChannel.POST: True,
    }
    wanted = (ContactChannel(person.channel), ContactChannel.MAIL, ContactChannel.SMS, ContactChannel.POST)
    return next(channel for channel in wanted if possible[channel])


@task
def send_notice(pk: int) -> bool:
    """Try to send one notice that waits; True when it went out now.

    Claimed by a conditional update, so that of two workers one sends. A process that is stopped between sending and
    writing that down sends again after ten minutes: better twice than never.
    """
    now = timezone.now()
    waiting = Notice.objects.filter(pk=pk, state=Notice.State.WAITING)
    if not waiting.filter(next_try_at__lte=now).update(next_try_at=now + CLAIM, tries=F("tries") + 1):
        return False
    notice = waiting.select_related("person").get()
    if _hand_over(notice):
        waiting.update(state=Notice.State.SENT, sent_at=timezone.now())
        return True
    if notice.tries > len(PAUSES):
        waiting.update(state=Notice.State.FAILED)
        log.error("notice %s not sent after %s tries", pk, notice.tries)
        return False
    next_try_at = now + timedelta(minutes=PAUSES[notice.tries - 1])
    waiting.update(next_try_at=next_try_at)
    if task_backends[send_notice.backend].supports_defer:
        send_notice.using(run_after=next_try_at).enqueue(pk)
    return False


def _hand_over(notice: Notice) -> bool:
    """Give it to the mail server or the gateway, under the address that the person has now."""
    if notice.channel == ContactChannel.SMS:
        return bool(notice.person.phone) and send_sms(str(notice.person.phone), notice.text)
    return bool(notice.person.email) and send_mail(
        to=str(notice.person.email), subject=notice.subject, text=notice.text
    )


def send_waiting() -> int:
    """Try everything that waits and is due; return how many went out. For a clock: it does no harm to run it often."""
    due = Notice.objects.filter(state=Notice.State.WAITING, next_try_at__lte=timezone.now())
    return sum(send_notice.call(pk) for pk in due.order_by("next_try_at", "pk").values_list("pk", flat=True))


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
