"""Money is a whole number of cents, everywhere. There is no other way to hold it in this house."""

from typing import NewType, TypeVar

from django.db import models

Cents = NewType("Cents", int)

_Set = TypeVar("_Set", contravariant=True)
_Get = TypeVar("_Get", covariant=True)


class CentsField(models.BigIntegerField[_Set, _Get]):
    """A whole number of euro cents, up to ninety-two thousand billion euros."""
