"""People: how we name them and how we reach them. No passwords, no dates of birth, no BSN."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class PersonManager(BaseUserManager["Person"]):
    """Makes people. Nobody has a password: signing in goes by a six-digit code or through the municipality."""

    def create_user(self, email: str | None = None, **fields: Any) -> "Person":
        """Make a person with a mail address, a phone number, both or (entered by an official) neither."""
        person = self.model(email=self.normalize_email(email).lower() or None if email else None, **fields)
        person.set_unusable_password()
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Find a person by mail address, whatever its capitals."""
        return self.get(email__iexact=username)


class ContactChannel(models.TextChoices):
    """How somebody wants to hear that there is news."""

    MAIL = "mail", _("By mail")
    SMS = "sms", _("By text message")
    POST = "post", _("By letter")


class Person(AbstractBaseUser):
    """Somebody who uses the site, or for whom an official enters something."""

    name = models.CharField(_("name"), max_length=120, blank=True)
    # Always lower case, so that "unique" means what people think it means.
    email = models.EmailField(_("mail address"), unique=True, null=True, blank=True)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    # E.164, for instance +31612345678.
    phone = models.CharField(_("phone number"), max_length=16, unique=True, null=True, blank=True)
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    channel = models.CharField(
        _("how do we reach you"), max_length=8, choices=ContactChannel, default=ContactChannel.MAIL
    )
    language = models.CharField(_("language"), max_length=5, blank=True)
    wants_reminders = models.BooleanField(_("remind me of what I did not send yet"), default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # When this person closed the account. What is left is a number, to which what they sent in still belongs.
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(email__isnull=True) | models.Q(email=Lower("email")),
                name="person_email_is_lower_case",
            ),
            models.CheckConstraint(
                condition=models.Q(phone__isnull=True) | models.Q(phone__startswith="+"), name="person_phone_is_e164"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True)
                | models.Q(name="", email__isnull=True, phone__isnull=True, is_active=False),
                name="closed_account_is_nobody",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.phone or f"#{self.pk}"


class Notice(models.Model):
    """Something that we tell a person: kept first, sent afterwards, and tried again as long as that fails.

    `tries` counts how often sending was begun. As long as a notice waits, nobody else begins before `next_try_at`.
    """

    class State(models.TextChoices):
        """Where a notice stands."""

        WAITING = "waiting", _("Not sent yet")
        SENT = "sent", _("Sent")
        TO_PRINT = "to_print", _("To be sent by letter")
        FAILED = "failed", _("Could not be sent")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    channel = models.CharField(max_length=8, choices=ContactChannel)
    # Neutral: it never names the fund, because somebody may look over your shoulder.
    subject = models.CharField(max_length=200)
    text = models.TextField()
    # What it is about, for instance "proposal:12"; empty when it is about the person.
    about = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("created_at", "pk")
        verbose_name = _("notice")
        indexes = (
            models.Index(fields=["state", "next_try_at"], name="notice_state_next_try"),
            models.Index(fields=["about", "person"], name="notice_about_person"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at__isnull=True)),
                name="sent_notice_has_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "sent", "to_print", "failed"]), name="notice_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.channel} {self.state} {self.created_at:%Y-%m-%d %H:%M}"


class OutgoingMessage(models.Model):
    """A mail or text message that went out in the demo, kept to look at. Never written in production."""

    class Kind(models.TextChoices):
        """Mail or text message."""

        MAIL = "mail", _("Mail")
        SMS = "sms", _("Text message")

    kind = models.CharField(max_length=4, choices=Kind)
    recipient = models.CharField(max_length=320)
    subject = models.CharField(max_length=400, blank=True)
    text = models.TextField()
    sent_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ("-sent_at", "-pk")
        verbose_name = _("message that went out")
        verbose_name_plural = _("messages that went out")

    def __str__(self) -> str:
        return f"{self.kind} {self.sent_at:%Y-%m-%d %H:%M}"


class CacheEntry(models.Model):
    """The table of Django's database cache, in which production counts tries: it is shared by all its processes.

    A model, so that the table comes with the migrations and nobody has to think of ``createcachetable``.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires_at = models.DateTimeField(db_column="expires", db_index=True)

    class Meta:
        db_table = "accounts_cache"

    def __str__(self) -> str:
        return self.cache_key
