"""Money is a whole number of cents, everywhere. There is no other way to hold it in this house."""

from typing import NewType, TypeVar

from django.db import models

Cents = NewType("Cents", int)

_Set_contra = TypeVar("_Set_contra", contravariant=True)
_Get_co = TypeVar("_Get_co", covariant=True)


class CentsField(models.BigIntegerField[_Set_contra, _Get_co]):
    """A whole number of euro cents, up to ninety-two thousand billion euros."""
