import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import get_resolver

from accounts.models import Person
from web.checks import every_view_is_locked, is_locked, views_in
from web.locks import allow, anyone, anyone_signed_in, lock_of
from web.middleware import OnlyLockedViews


def visit(user: object) -> HttpRequest:
    request = RequestFactory().get("/somewhere/?page=2")
    request.user = user  # type: ignore[assignment]  # the test's stand-in for a signed-in person
    return request


def never(user: object, loaded: object = None) -> bool:
    return False


def show(request: HttpRequest, *loaded: object) -> HttpResponse:
    return HttpResponse(repr(loaded))


def test_a_public_page_opens_for_a_visitor() -> None:
    response = allow(anyone)(show)(visit(AnonymousUser()))

    assert response.status_code == 200


def test_a_visitor_is_sent_to_sign_in_and_comes_back_where_they_were() -> None:
    response = allow(anyone_signed_in)(show)(visit(AnonymousUser()))

    assert response.status_code == 302
    assert response.headers["Location"].endswith("?next=/somewhere/%3Fpage%3D2")


def test_a_visitor_does_not_learn_whether_something_exists() -> None:
    def load(user: object, slug: str) -> object:
        raise Http404

    response = allow(anyone_signed_in, load=load)(show)(visit(AnonymousUser()), slug="secret")

    assert response.status_code == 302


def test_a_person_who_may_not_gets_403() -> None:
    with pytest.raises(PermissionDenied):
        allow(never)(show)(visit(Person(name="Omar")))


def test_what_a_person_may_not_know_is_404_before_it_is_403() -> None:
    def load(user: object, slug: str) -> object:
        raise Http404

    with pytest.raises(Http404):
        allow(never, load=load)(show)(visit(Person(name="Omar")), slug="secret")


def test_the_view_receives_the_object_that_was_checked() -> None:
    def load(user: object, slug: str) -> str:
        return f"the thing called {slug}"

    response = allow(anyone_signed_in, load=load)(show)(visit(Person(name="Ines")), slug="x")

    assert isinstance(response, HttpResponse)
    assert response.content.decode() == "('the thing called x',)"


def test_a_predicate_that_answers_with_a_tuple_opens_nothing() -> None:
    def tuple_of_reasons(user: object) -> tuple[bool, str]:
        return (False, "because")

    with pytest.raises(PermissionDenied):
        allow(tuple_of_reasons)(show)(visit(Person(name="Omar")))  # type: ignore[arg-type]  # the trap itself


def test_a_lock_can_be_seen_from_outside() -> None:
    assert lock_of(allow(anyone)(show)) is anyone
    assert lock_of(show) is None


def test_every_url_of_the_site_is_locked() -> None:
    assert every_view_is_locked() == []
    assert len(list(views_in(get_resolver()))) > 5


def test_the_check_names_a_view_without_a_lock(settings: object) -> None:
    settings.ROOT_URLCONF = "tests.web.unlocked_urls"  # type: ignore[attr-defined]  # pytest-django's fixture

    problems = every_view_is_locked()

    assert [problem.id for problem in problems] == ["web.E001"]
    assert "forgotten/" in problems[0].msg


def test_the_middleware_refuses_to_serve_a_view_without_a_lock() -> None:
    with pytest.raises(ImproperlyConfigured):
        OnlyLockedViews(show).process_view(RequestFactory().get("/"), show, (), {})


def test_views_of_libraries_that_guard_their_own_doors_are_named_in_settings() -> None:
    views = {f"{getattr(view, 'view_class', view).__module__}" for _route, view in views_in(get_resolver())}

    unlocked_elsewhere = {module for module in views if module.startswith(("allauth.", "django."))}

    assert all(is_locked(view) for _route, view in views_in(get_resolver()))
    assert unlocked_elsewhere


def carried(user: object, slug: str, *, request: HttpRequest) -> str:
    """A loader that looks at what somebody carries."""
    if "key" not in request.COOKIES:
        raise Http404
    return slug


def has_nothing_against_it(user: object, loaded: object) -> bool:
    return loaded == "mine"


def carrying(user: object, key: str = "yes") -> HttpRequest:
    request = visit(user)
    if key:
        request.COOKIES["key"] = key
    return request


def test_a_loader_that_asks_for_the_request_gets_it_and_a_visitor_with_a_key_comes_in() -> None:
    view = allow(has_nothing_against_it, load=carried, visitors=True)(show)

    response = view(carrying(AnonymousUser()), slug="mine")

    assert response.status_code == 200
    assert response.content.decode() == "('mine',)"  # type: ignore[attr-defined]  # a whole response


def test_a_visitor_without_a_key_or_with_another_one_is_sent_to_sign_in() -> None:
    view = allow(has_nothing_against_it, load=carried, visitors=True)(show)

    answers = [view(carrying(AnonymousUser(), key), slug=slug) for key, slug in (("", "mine"), ("yes", "other"))]

    assert [answer.status_code for answer in answers] == [302, 302]


def test_who_is_signed_in_gets_the_usual_refusals_at_a_door_for_visitors() -> None:
    view = allow(has_nothing_against_it, load=carried, visitors=True)(show)

    with pytest.raises(Http404):
        view(carrying(Person(name="Omar"), ""), slug="mine")
    with pytest.raises(PermissionDenied):
        view(carrying(Person(name="Omar")), slug="other")


def test_a_page_may_answer_in_its_own_way_whom_it_turns_away() -> None:
    def put_text_away(request: HttpRequest) -> HttpResponse:
        return HttpResponse("kept", status=401)

    lock = allow(has_nothing_against_it, load=carried, visitors=True, turned_away=put_text_away)

    assert lock(show)(carrying(AnonymousUser(), ""), slug="mine").status_code == 401
