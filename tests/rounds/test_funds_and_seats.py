from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Person
from rounds.actions import change_fund, create_fund, end_seat, extend_seat, give_seat, give_seat_by_mail
from rounds.lifecycle import Role
from rounds.models import AuditEntry, Fund, Seat
from rounds.queries import roles_of, seats_by_term

TODAY = timezone.localdate()
DAY = timedelta(days=1)


def test_who_makes_a_fund_becomes_its_first_official(ines: Person) -> None:
    fund = create_fund(by=ines, name="Kunstfonds", slug="kunstfonds")

    assert roles_of(ines, fund.pk) == {Role.OFFICIAL}
    assert [line.action for line in AuditEntry.objects.all()] == ["create_fund", "give_seat"]


def test_two_funds_cannot_share_a_web_address(fund: Fund) -> None:
    with pytest.raises(ValidationError) as refused:
        create_fund(by=None, name="Another", slug=fund.slug)

    assert set(refused.value.message_dict) == {"slug"}


def test_changing_a_fund_says_what_changed(fund: Fund, otto: Person) -> None:
    change_fund(fund=fund, by=otto, name=fund.name, purpose="Meedoen.", scheme_version="2027")

    line = AuditEntry.objects.latest("sequence")
    assert (line.action, line.data) == ("change_fund", '{"fields":["purpose","scheme_version"]}')


def test_saving_a_fund_unchanged_writes_nothing(fund: Fund, otto: Person) -> None:
    before = AuditEntry.objects.count()

    change_fund(fund=fund, by=otto, name=fund.name)

    assert AuditEntry.objects.count() == before


def test_a_fund_without_a_name_is_refused(fund: Fund, otto: Person) -> None:
    with pytest.raises(ValidationError):
        change_fund(fund=fund, by=otto, name="")


def test_the_same_seat_twice_in_the_same_time_is_refused(fund: Fund, corrie: Person, otto: Person) -> None:
    with pytest.raises(ValidationError):
        give_seat(fund=fund, person=corrie, role=Role.MEMBER, from_date=TODAY, by=otto)


def test_the_same_seat_again_after_it_ended_is_fine(fund: Fund, corrie: Person, otto: Person) -> None:
    end_seat(seat=corrie.seats.get(), until_date=TODAY - DAY, by=otto)

    seat = give_seat(fund=fund, person=corrie, role=Role.MEMBER, from_date=TODAY, by=otto)

    assert corrie.seats.count() == 2
    assert seat.until_date is None


def test_a_seat_may_come_wholly_before_another(fund: Fund, corrie: Person, otto: Person) -> None:
    seat = give_seat(
        fund=fund, person=corrie, role=Role.MEMBER, from_date=date(2019, 1, 1), until_date=date(2019, 12, 31), by=otto
    )

    assert seat.pk


def test_another_role_at_the_same_time_is_fine(fund: Fund, corrie: Person, otto: Person) -> None:
    give_seat(fund=fund, person=corrie, role=Role.CHAIR, from_date=TODAY, by=otto)

    assert {seat.role for seat in corrie.seats.all()} == {"member", "chair"}


def test_a_seat_that_ends_before_it_starts_is_refused(fund: Fund, ines: Person, otto: Person) -> None:
    with pytest.raises(ValidationError, match=r"laatste dag|last day"):
        give_seat(fund=fund, person=ines, role=Role.MEMBER, from_date=TODAY, until_date=TODAY - DAY, by=otto)


def test_ending_a_seat_before_it_began_is_refused_and_changes_nothing(corrie: Person, otto: Person) -> None:
    seat = corrie.seats.get()

    with pytest.raises(ValidationError):
        end_seat(seat=seat, until_date=date(2019, 1, 1), by=otto)

    assert seat.until_date is None


def test_the_last_official_stays(fund: Fund, otto: Person) -> None:
    with pytest.raises(ValidationError):
        end_seat(seat=otto.seats.get(), until_date=TODAY, by=otto)

    assert Seat.objects.get(person=otto).until_date is None


def test_an_official_may_go_when_another_takes_over(fund: Fund, otto: Person, ines: Person) -> None:
    give_seat(fund=fund, person=ines, role=Role.OFFICIAL, from_date=TODAY + DAY, by=otto)

    end_seat(seat=otto.seats.get(), until_date=TODAY, by=otto)

    assert Seat.objects.get(person=otto).until_date == TODAY


def test_an_official_may_not_go_when_the_other_comes_too_late(fund: Fund, otto: Person, ines: Person) -> None:
    give_seat(fund=fund, person=ines, role=Role.OFFICIAL, from_date=TODAY + 5 * DAY, by=otto)

    with pytest.raises(ValidationError):
        end_seat(seat=otto.seats.get(), until_date=TODAY, by=otto)


@pytest.fixture
def short_seat(fund: Fund, ines: Person, otto: Person) -> Seat:
    return give_seat(fund=fund, person=ines, role=Role.MEMBER, from_date=TODAY, until_date=TODAY + 10 * DAY, by=otto)


def test_a_seat_can_go_on_for_longer(short_seat: Seat, otto: Person) -> None:
    extend_seat(seat=short_seat, until_date=TODAY + 20 * DAY, by=otto)

    short_seat.refresh_from_db()
    assert short_seat.until_date == TODAY + 20 * DAY
    assert AuditEntry.objects.latest("sequence").action == "extend_seat"


def test_a_seat_can_go_on_until_further_notice(short_seat: Seat, otto: Person) -> None:
    extend_seat(seat=short_seat, until_date=None, by=otto)

    short_seat.refresh_from_db()
    assert short_seat.until_date is None


@pytest.mark.parametrize("days", [10, 5])
def test_extending_means_later(short_seat: Seat, otto: Person, days: int) -> None:
    with pytest.raises(ValidationError) as refused:
        extend_seat(seat=short_seat, until_date=TODAY + days * DAY, by=otto)

    assert set(refused.value.message_dict) == {"until_date"}


def test_a_seat_without_an_end_cannot_be_extended_to_a_day(corrie: Person, otto: Person) -> None:
    with pytest.raises(ValidationError):
        extend_seat(seat=corrie.seats.get(), until_date=TODAY + DAY, by=otto)


def test_extending_into_the_next_seat_is_refused(short_seat: Seat, fund: Fund, ines: Person, otto: Person) -> None:
    give_seat(fund=fund, person=ines, role=Role.MEMBER, from_date=TODAY + 15 * DAY, by=otto)

    with pytest.raises(ValidationError):
        extend_seat(seat=short_seat, until_date=TODAY + 20 * DAY, by=otto)

    assert short_seat.until_date == TODAY + 10 * DAY


def test_a_seat_by_mail_makes_somebody_who_is_new(fund: Fund, otto: Person) -> None:
    seat = give_seat_by_mail(
        fund=fund, email="Nieuw@Test.Example", name="Nina 🌷", role=Role.MEMBER, from_date=TODAY, by=otto
    )

    assert (seat.person.email, seat.person.name) == ("nieuw@test.example", "Nina 🌷")
    assert not seat.person.has_usable_password()


def test_a_seat_by_mail_finds_who_is_known_and_leaves_the_name_alone(fund: Fund, otto: Person, ines: Person) -> None:
    seat = give_seat_by_mail(
        fund=fund, email="INES@test.example", name="Somebody else", role=Role.MEMBER, from_date=TODAY, by=otto
    )

    assert seat.person == ines
    assert seat.person.name == "Ines"


def test_a_refused_seat_by_mail_leaves_no_new_person(fund: Fund, otto: Person) -> None:
    with pytest.raises(ValidationError):
        give_seat_by_mail(
            fund=fund,
            email="nieuw@test.example",
            name="Nina",
            role=Role.MEMBER,
            from_date=TODAY,
            until_date=TODAY - DAY,
            by=otto,
        )

    assert not Person.objects.filter(email="nieuw@test.example").exists()


def test_no_name_stands_in_the_trail(fund: Fund, otto: Person) -> None:
    give_seat_by_mail(fund=fund, email="nieuw@test.example", name="Nina", role=Role.MEMBER, from_date=TODAY, by=otto)

    assert [line.data for line in AuditEntry.objects.all() if "nina" in (line.data + line.reason).lower()] == []


def test_seats_are_sorted_by_term(fund: Fund, otto: Person, ines: Person, omar: Person) -> None:
    past = give_seat(
        fund=fund, person=ines, role=Role.MEMBER, from_date=TODAY - 9 * DAY, until_date=TODAY - DAY, by=otto
    )
    future = give_seat(fund=fund, person=omar, role=Role.MEMBER, from_date=TODAY + DAY, by=otto)

    assert seats_by_term(fund) == ([otto.seats.get()], [future], [past])


def appoint(*arguments: str) -> str:
    out = StringIO()
    call_command("appoint", *arguments, stdout=out)
    return out.getvalue()


def test_a_new_site_gets_its_fund_and_its_first_official(db: None) -> None:
    said = appoint("a@b.example", "--fund", "fonds", "--new-fund", "Het fonds", "--name", "Anna")

    seat = Seat.objects.get()
    assert (seat.person.name, seat.fund.name, seat.role, seat.from_date) == ("Anna", "Het fonds", "official", TODAY)
    assert said == "a@b.example has the seat “official” in fonds, from today on.\n"


def test_appointing_in_a_fund_that_is_there(fund: Fund) -> None:
    appoint("a@b.example", "--fund", fund.slug, "--role", "mandate_holder")

    assert Seat.objects.get().role == "mandate_holder"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a@b.example", "--fund", "nowhere"], "There is: participatiefonds"),
        (["no-mail", "--fund", "participatiefonds"], "mail"),
        (["a@b.example", "--fund", "participatiefonds", "--new-fund", "Dubbel"], "."),
    ],
)
def test_appointing_explains_what_is_wrong(fund: Fund, arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        appoint(*arguments)

    assert Seat.objects.count() == 0


def test_appointing_without_any_fund_says_how_to_make_one(db: None) -> None:
    with pytest.raises(CommandError, match="--new-fund NAME"):
        appoint("a@b.example", "--fund", "nowhere")


def test_appointing_twice_is_refused(fund: Fund) -> None:
    appoint("a@b.example", "--fund", fund.slug)

    with pytest.raises(CommandError):
        appoint("a@b.example", "--fund", fund.slug)
