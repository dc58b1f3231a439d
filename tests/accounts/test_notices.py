from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.actions import PAUSES, notify, send_notice, send_waiting
from accounts.models import ContactChannel, Notice, OutgoingMessage, Person
from accounts.queries import waits_to_be_sent
from tests.rounds import conftest
from tests.rounds.conftest import Together

BROKEN_MAIL = {"default": {"BACKEND": "tests.accounts.broken_mail.BrokenBackend"}}
WORKING_MAIL = {"default": {"BACKEND": "accounts.outbox.DemoEmailBackend"}}
State = Notice.State
# The fixture that runs something in several threads, each with a connection of its own.
at_once = conftest.together


def mails() -> list[str]:
    return list(OutgoingMessage.objects.filter(kind="mail").values_list("text", flat=True))


def due_now(notice: Notice) -> None:
    Notice.objects.filter(pk=notice.pk).update(next_try_at=timezone.now() - timedelta(seconds=1))


def test_a_notice_is_kept_first_and_goes_out_after_the_commit(
    ines: Person, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, mailoutbox: list[EmailMessage]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        notice = notify(person=ines, subject="Er is\nbericht", text=" Kijk in uw account. ", short_text="Kijk.")
        assert (notice.state, len(mailoutbox)) == (State.WAITING, 0)

    notice.refresh_from_db()
    assert (notice.state, notice.tries, notice.sent_at is not None) == (State.SENT, 1, True)
    assert [(mail.subject, mail.to, mail.body) for mail in mailoutbox] == [
        ("Er is bericht", ["ines@test.example"], "Kijk in uw account.\n")
    ]


@pytest.mark.parametrize(
    ("email", "phone", "wanted", "taken"),
    [
        ("a@test.example", "+31612345678", "mail", "mail"),
        ("a@test.example", "+31612345678", "sms", "sms"),
        ("a@test.example", "+31612345678", "post", "post"),
        ("a@test.example", None, "sms", "mail"),
        (None, "+31612345678", "mail", "sms"),
        (None, None, "mail", "post"),
    ],
)
def test_a_notice_goes_the_way_that_somebody_chose_or_the_way_that_there_is(
    db: None, email: str | None, phone: str | None, wanted: str, taken: str
) -> None:
    person = Person.objects.create_user(email, phone=phone, channel=wanted)

    notice = notify(person=person, subject="Bericht", text="Lang", short_text="Kort")

    assert notice.channel == taken
    assert notice.state == (State.TO_PRINT if taken == "post" else State.WAITING)
    assert notice.text == ("Kort" if taken == "sms" else "Lang")


def test_a_text_message_goes_out_too(
    db: None, settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.SMS_BACKEND = "accounts.outbox.DemoSmsBackend"
    person = Person.objects.create_user(phone="+31612345678", channel=ContactChannel.SMS)

    with django_capture_on_commit_callbacks(execute=True):
        notify(person=person, subject="Bericht", text="Er is bericht.")

    sent = OutgoingMessage.objects.get()
    assert (sent.recipient, sent.text) == ("+31612345678", "Er is bericht.")


def test_with_the_mail_server_down_a_notice_waits_longer_each_time_and_goes_out_once_in_the_end(
    ines: Person, settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.MAILERS = BROKEN_MAIL
    with django_capture_on_commit_callbacks(execute=True):
        notice = notify(person=ines, subject="Bericht", text="Er is bericht.", about=ines)
    notice.refresh_from_db()
    first_pause = notice.next_try_at - timezone.now()
    assert (notice.state, notice.tries) == (State.WAITING, 1)
    assert timedelta(0) < first_pause <= timedelta(minutes=PAUSES[0])
    assert waits_to_be_sent(ines, ines) is True

    assert send_waiting() == 0  # not due yet
    due_now(notice)
    assert send_waiting() == 0  # due, and the server is still down
    notice.refresh_from_db()
    assert notice.tries == 2
    assert timedelta(minutes=PAUSES[0]) < notice.next_try_at - timezone.now() <= timedelta(minutes=PAUSES[1])

    settings.MAILERS = WORKING_MAIL
    due_now(notice)
    assert (send_waiting(), send_waiting()) == (1, 0)
    assert mails() == ["Er is bericht.\n"]
    assert waits_to_be_sent(ines, ines) is False


def test_after_the_last_try_a_notice_has_failed_and_is_left_alone(ines: Person, settings: Settings) -> None:
    settings.MAILERS = BROKEN_MAIL
    notice = notify(person=ines, subject="Bericht", text="Er is bericht.", about=ines)

    for _try in range(len(PAUSES) + 3):
        due_now(notice)
        send_waiting()

    notice.refresh_from_db()
    assert (notice.state, notice.tries) == (State.FAILED, len(PAUSES) + 1)
    assert waits_to_be_sent(ines, ines) is True


def test_an_address_that_went_away_meanwhile_is_a_failed_try(ines: Person) -> None:
    notice = notify(person=ines, subject="Bericht", text="Er is bericht.")
    Person.objects.filter(pk=ines.pk).update(email=None)

    assert send_notice.call(notice.pk) is False

    notice.refresh_from_db()
    assert (notice.state, notice.tries) == (State.WAITING, 1)


def test_a_notice_that_somebody_else_is_sending_is_not_sent_twice(ines: Person, mailoutbox: list[EmailMessage]) -> None:
    notice = notify(person=ines, subject="Bericht", text="Er is bericht.")

    assert [send_notice.call(notice.pk), send_notice.call(notice.pk)] == [True, False]
    assert len(mailoutbox) == 1


def test_a_background_worker_gets_a_next_try_of_its_own(ines: Person, settings: Settings) -> None:
    settings.MAILERS = BROKEN_MAIL
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    notice = notify(person=ines, subject="Bericht", text="Er is bericht.")

    send_notice.call(notice.pk)

    notice.refresh_from_db()
    planned = DBTaskResult.objects.get()
    assert (planned.args_kwargs["args"], planned.run_after) == ([notice.pk], notice.next_try_at)


@pytest.fixture
def waiting_notice(transactional_db: None, settings: Settings) -> Notice:
    settings.MAILERS = BROKEN_MAIL
    person = Person.objects.create_user("ines@test.example")
    notice = notify(person=person, subject="Bericht", text="Er is bericht.")
    due_now(notice)
    settings.MAILERS = WORKING_MAIL
    return notice


@pytest.mark.django_db(transaction=True)
def test_of_workers_at_the_same_moment_one_sends(waiting_notice: Notice, at_once: Together[object]) -> None:
    outcomes = at_once(4, lambda _number: send_notice.call(waiting_notice.pk))

    assert sorted(map(bool, outcomes)) == [False, False, False, True]
    assert at_once(1, lambda _number: mails()) == [["Er is bericht.\n"]]


def test_the_command_says_how_many_went_out(
    ines: Person, capsys: pytest.CaptureFixture[str], mailoutbox: list[EmailMessage]
) -> None:
    notify(person=ines, subject="Bericht", text="Een")
    notify(person=ines, subject="Bericht", text="Twee")

    call_command("send_waiting")

    assert capsys.readouterr().out == "2 sent\n"
    assert [str(mail.body) for mail in mailoutbox] == ["Een\n", "Twee\n"]
