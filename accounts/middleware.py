"""A second factor before anything else, for those whose work asks for it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class SecondFactorRequired:
    """Placeholder until the second factor is built."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)
