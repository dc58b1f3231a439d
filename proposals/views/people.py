"""Who is asking."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import Person


def person_of(request: HttpRequest) -> Person:
    """Return the person who is signed in. Behind a lock there always is one; PermissionDenied should it ever fail."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user
