"""Where a person can be reached: a mail address or a mobile number, read the way people type them."""

from dataclasses import dataclass
from typing import Literal

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import EmailField
from django.utils.translation import gettext_lazy as _

type Kind = Literal["email", "phone"]

HOME_REGION = "NL"
MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
EMAIL_RULES = EmailField(max_length=254)  # RFC 5321


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address in lower case, or a phone number in E.164 (``+31612345678``)."""

    kind: Kind
    value: str

    @property
    def is_phone(self) -> bool:
        """Whether this is reached by text message."""
        return self.kind == "phone"

    @property
    def shown(self) -> str:
        """The address as people write it: ``06 12345678`` for a Dutch number."""
        if not self.is_phone:
            return self.value
        number = phonenumbers.parse(self.value)
        at_home = phonenumbers.region_code_for_number(number) == HOME_REGION
        style = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
        return phonenumbers.format_number(number, style)


def read_email(text: str) -> Address:
    """Read a mail address. Raises ValidationError that says how to write it."""
    value = "".join(text.split()).lower()
    try:
        EMAIL_RULES.run_validators(value)
    except ValidationError:
        raise ValidationError(
            _("This is not a whole mail address. Write it like this: name@example.nl"), code="email"
        ) from None
    return Address("email", value)


def read_phone(text: str) -> Address:
    """Read a mobile number: ``06-12345678``, ``+31 6 …``, ``0031 6 …``. Raises ValidationError with what to do."""
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValidationError(_("This is not a whole mobile number. Write it like this: 06 12345678"), code="phone")
    region = phonenumbers.region_code_for_number(number)
    if phonenumbers.number_type(number) not in MOBILE:
        raise ValidationError(
            _("We cannot send a text message to this number. Fill in a mobile number, or your mail address."),
            code="not_mobile",
        )
    if region not in settings.SMS_REGIONS:
        raise ValidationError(
            _("We cannot send a text message to this country. Fill in your mail address."), code="region"
        )
    return Address("phone", phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def read_address(text: str) -> Address:
    """Read a mail address or a mobile number, whichever it looks like. Raises ValidationError."""
    if "@" in text:
        return read_email(text)
    if not any(character.isdigit() for character in text):
        raise ValidationError(
            _("Fill in a mail address, like name@example.nl, or a mobile number, like 06 12345678."), code="neither"
        )
    return read_phone(text)
