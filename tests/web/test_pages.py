import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from web.pages import Page, gives_text_back, page, text_back_for


def again(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(f"the form of {pk} again")


@gives_text_back(again)
def with_text(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse("saved")


def without(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse("saved")


def refused(view: Page, **headers: str) -> HttpRequest:
    request = RequestFactory().post("/form/", headers=headers)
    request.resolver_match = ResolverMatch(view, (), {"pk": 3})
    return request


@pytest.mark.parametrize("header", ["origin", "referer"])
def test_a_form_of_this_site_with_a_stale_token_comes_back_with_its_text(header: str) -> None:
    response = text_back_for(refused(with_text, **{header: "http://testserver/form/"}))

    assert isinstance(response, HttpResponse)
    assert response.content.decode() == "the form of 3 again"


@pytest.mark.parametrize("headers", [{}, {"origin": "https://elsewhere.example"}, {"origin": "null"}])
def test_a_form_from_elsewhere_does_not(headers: dict[str, str]) -> None:
    assert text_back_for(refused(with_text, **headers)) is None


def test_nor_does_a_page_that_does_not_promise_it() -> None:
    assert text_back_for(refused(without, origin="http://testserver")) is None
    assert text_back_for(RequestFactory().post("/nowhere/", headers={"origin": "http://testserver"})) is None


def test_a_page_says_that_it_answers_htmx_differently() -> None:
    assert page(RequestFactory().get("/"), "404.html").headers["Vary"] == "HX-Request"
