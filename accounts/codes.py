"""Six-digit codes: to sign in, and to prove that a new mail address or number is one's own.

Built on the code verification of django-allauth (state in the session, number of tries, how long it works). Three
things differ. Nobody is looked up before the code is right, so that the screens, the work and the session are the same
for an address that we know and one that we do not. The code itself is not kept, only a keyed digest of it. And tries
are counted outside the session as well, so that a hundred guesses at the same moment are not one try.
"""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core.ratelimit import consume
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language

from accounts.actions import person_behind, send_code
from accounts.addresses import Address

CHANGE_SESSION_KEY = "accounts.address_change"


class TooManyCodes(Exception):
    """So many codes were asked for, for this address or from this place, that people have to wait a little."""


class CodeNotSent(Exception):
    """The code could not be handed over to the mail server or the gateway for text messages."""


class MessagedCode(AbstractCodeVerificationProcess):
    """A code that went out to an address. Kept in the session; see :class:`SignInCode` and :class:`AddressCode`."""

    request: HttpRequest
    state: dict[str, Any]

    @property
    def address(self) -> Address:
        """Where the code went."""
        if phone := self.state.get("phone"):
            return Address("phone", phone)
        return Address("email", self.state["email"])

    @property
    def tries_left(self) -> int:
        """How many wrong codes may still follow."""
        return int(self.max_attempts - self.state["failed_attempts"])

    def send(self) -> None:
        """Make a new code and send it; it starts with all its tries. Raises TooManyCodes or CodeNotSent."""
        address = self.address
        limits = [("request_login_code", address.value)] + ([("send_sms", None)] if address.is_phone else [])
        if not all(consume(self.request, action=action, key=key) for action, key in limits):
            raise TooManyCodes
        code = get_adapter().generate_login_code()
        self.state.update(code=self._digest(code), at=time.time(), failed_attempts=0)
        self.persist()
        if not self._deliver(code):
            raise CodeNotSent

    def _deliver(self, code: str) -> bool:
        return send_code(address=self.address, code=code, language=get_language() or "")

    def _digest(self, code: str) -> str:
        # The address is part of it: a code never fits another address than the one it was sent to.
        return salted_hmac("accounts.code", f"{self.address.value}:{code}", algorithm="sha256").hexdigest()

    def accepts(self, code: str) -> bool:
        """Whether this is the code. Counts the try; after the last one the whole process is gone."""
        if consume(self.request, action="enter_code", key=self.state["code"]) and constant_time_compare(
            self.state["code"], self._digest(code)
        ):
            return True
        self.record_invalid_attempt()
        return False


class SignInCode(MessagedCode, LoginCodeVerificationProcess):
    """A code to sign in with; lives in the login stage of allauth."""

    @classmethod
    def begin(cls, request: HttpRequest, address: Address) -> "SignInCode":
        """Start signing in with this address and send the code. Raises TooManyCodes or CodeNotSent."""
        login = Login(user=None, **{address.kind: address.value})
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=None, **{address.kind: address.value}), initiated_by_user=True)
        process = cls(stage)
        process.send()
        return process

    def finish(self, redirect_url: str | None) -> HttpResponse:
        """Sign in as the person behind the address, made now if there was none; then the second factor, if any."""
        address = self.address
        person = person_behind(address=address, language=get_language() or "")
        record_authentication(self.request, person, method="code", **{address.kind: address.value})
        response: HttpResponse = perform_login(self.request, Login(user=person, redirect_url=redirect_url))
        return response

    @classmethod
    def under_way(cls, request: HttpRequest) -> "SignInCode | None":
        """The code that this browser asked for, be it expired or not; None when it asked for none."""
        stage = LoginStageController.enter(request, LoginByCodeStage.key)
        return cls(stage) if stage and stage.state else None


class AddressCode(MessagedCode):
    """A code to prove that a new mail address or number is one's own."""

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        self.request = request
        super().__init__(
            max_attempts=app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS,
            timeout=app_settings.LOGIN_BY_CODE_TIMEOUT,
            state=state,
        )

    @classmethod
    def begin(cls, request: HttpRequest, address: Address) -> "AddressCode":
        """Send a code to the new address. Raises TooManyCodes or CodeNotSent."""
        process = cls(request, cls.initial_state(user=None, **{address.kind: address.value}))
        process.state["person"] = request.user.pk
        process.send()
        return process

    @classmethod
    def under_way(cls, request: HttpRequest) -> "AddressCode | None":
        """The change that this person began in this browser, be it expired or not; None without one."""
        state = request.session.get(CHANGE_SESSION_KEY)
        return cls(request, state) if state and state["person"] == request.user.pk else None

    def persist(self) -> None:
        """Keep it in the session."""
        self.request.session[CHANGE_SESSION_KEY] = self.state

    def abort(self) -> None:
        """Forget it."""
        self.request.session.pop(CHANGE_SESSION_KEY, None)
