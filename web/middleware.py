"""Middleware for every request: the last net under forgotten locks, one structured log line, one more header."""

import logging
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

from web.checks import is_locked

type Handler = Callable[[HttpRequest], HttpResponse]

log = logging.getLogger("web.request")


class OnlyLockedViews:
    """Refuses to serve a view that carries no lock, should the system check ever be passed by."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the check is in process_view, where the view is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: object, kwargs: object) -> None:
        """Raise ImproperlyConfigured (500, and a line in the log) for an unlocked view."""
        if not is_locked(view):
            raise ImproperlyConfigured(f"{view.__module__}.{view.__qualname__} has no lock")


class PermissionsPolicy:
    """Tells the browser which of its powers no page here ever needs."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header."""
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        return response


class RequestLog:
    """Writes one line per request: the route (never the address with its names and numbers), status, duration."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Time the request and write its line."""
        started, request_id = time.perf_counter(), uuid.uuid4().hex[:12]
        response = self.get_response(request)
        match = request.resolver_match
        response.headers["X-Request-ID"] = request_id
        log.info(
            "request",
            extra={
                "request_id": request_id,
                "method": request.method,
                "route": match.route if match else "",
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - started) * 1000),
            },
        )
        return response
