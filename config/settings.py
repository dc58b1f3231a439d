"""All settings, in one file. Everything that differs per place comes from the environment; see docs/operations.md.

Two modes. ``demo`` (the default) runs on the embedded database and answers on this machine only. ``production`` is
chosen with ``KANTELFONDS_MODE=production`` and refuses to start with a demo key, DEBUG or the demo sign-in.
"""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str = "") -> str:
    """Return an environment variable, stripped; `default` when it is not set."""
    return os.environ.get(name, default).strip()


def env_flag(name: str, *, default: bool) -> bool:
    """Read a yes/no from the environment; anything but a clear yes or no stops the start."""
    value = env(name, "yes" if default else "no").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; write yes or no.")


def env_list(name: str, default: str = "") -> list[str]:
    """Read a comma-separated list from the environment."""
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


# --- mode -------------------------------------------------------------------------------------------------------------
MODE = env("KANTELFONDS_MODE", "demo")
if MODE not in {"demo", "production"}:
    raise ImproperlyConfigured(f"KANTELFONDS_MODE is {MODE!r}; write demo or production.")
PRODUCTION = MODE == "production"
DEMO_KEY = "demo-key-that-production-refuses-to-start-with"
SECRET_KEY = env("SECRET_KEY", "" if PRODUCTION else DEMO_KEY)
DEBUG = env_flag("DEBUG", default=False)
DEMO_SIGN_IN = env_flag("DEMO_SIGN_IN", default=not PRODUCTION)
LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS") if PRODUCTION else LOCAL_HOSTS
if PRODUCTION:
    refusals = [
        (
            len(SECRET_KEY) < 50 or SECRET_KEY == DEMO_KEY,
            "SECRET_KEY must be a secret of your own, 50 characters or more",
        ),
        (DEBUG, "DEBUG must be off"),
        (DEMO_SIGN_IN, "DEMO_SIGN_IN must be off"),
        (not ALLOWED_HOSTS, "ALLOWED_HOSTS must name the host names of this site"),
    ]
    if reasons := [reason for refused, reason in refusals if refused]:
        raise ImproperlyConfigured("Production does not start: " + "; ".join(reasons) + ".")

# --- the house --------------------------------------------------------------------------------------------------------
OWN_APPS = ["fund", "voting", "proposals", "rounds", "accounts", "web"]
INSTALLED_APPS = [
    *OWN_APPS,
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "django_tasks_db",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]
MIDDLEWARE = [
    "web.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "web.middleware.PermissionsPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorRequired",
    "proposals.middleware.BringDraftAlong",
    "web.middleware.OnlyLockedViews",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["web.templatetags.components", "web.templatetags.formats", "django.templatetags.i18n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.theme.theme_context",
                "web.navigation.navigation_context",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
# Views of libraries that guard their own doors; every other view must carry a lock (web.locks).
LOCKED_ELSEWHERE = ("allauth.", "django.views.i18n")

# --- database: embedded SQLite by default, PostgreSQL by DATABASE_URL -------------------------------------------------
DATA_DIR = Path(env("DATA_DIR", str(BASE_DIR / "data")))
DATA_DIR.mkdir(parents=True, exist_ok=True)
DATABASES = {"default": dj_database_url.parse(env("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'kantelfonds.sqlite3'}")}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {
        # A write takes its lock at once and waits for its turn, instead of failing half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: a vote or a payment that was answered with "saved" survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": int(env("DATABASE_POOL_SIZE", "10")), "timeout": 20}
    }

# --- people and sign-in (django-allauth: a six-digit code, no passwords) ----------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS, ACCOUNT_SIGNUP_FIELDS = {"email"}, ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the code already proves the address
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT, ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 15 * 60, 5
ACCOUNT_LOGIN_TIMEOUT = 60 * 60  # after this the screen that asks for the code forgets the address
# Per network (ip), per address (key), per person (user). A whole committee may sit behind one network.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "request_login_code": "30/m/ip,5/15m/key,20/d/key",
    "send_sms": "10/m/ip,100/d/ip",
    "enter_code": "5/15m/key",
    "start_draft": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
}
# Tries are counted in the cache, which all processes of production have to share.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
    if PRODUCTION
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(env("TRUSTED_PROXIES", "1" if env_flag("BEHIND_PROXY", default=False) else "0"))
# Who needs a second factor, and whether that holds here (BIO2: committee, officials, mandate holders).
SECOND_FACTOR_REQUIRED = env_flag("SECOND_FACTOR_REQUIRED", default=PRODUCTION)
SECOND_FACTOR_FOR = "rounds.permissions.needs_second_factor"
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # the code before and after: a phone's clock is seldom exact
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondFactorForm",
    "reauthenticate": "accounts.forms.SecondFactorAgainForm",
    "activate_totp": "accounts.forms.ActivateAppForm",
    "login_webauthn": "accounts.forms.SignInPasskeyForm",
    "authenticate_webauthn": "accounts.forms.SecondFactorPasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.SecondFactorPasskeyAgainForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.RenamePasskeyForm",
}
# Staff through the municipality's own sign-in (OpenID Connect); without a client id there is no such button.
OIDC_CLIENT_ID = env("OIDC_CLIENT_ID")
OIDC_NAME = env("OIDC_NAME", "OpenID Connect") if OIDC_CLIENT_ID else ""
OIDC_APP = {
    "provider_id": "staff",
    "name": OIDC_NAME,
    "client_id": OIDC_CLIENT_ID,
    "secret": env("OIDC_CLIENT_SECRET"),
    # A provider that does not say "email_verified" can be trusted for the domains of the municipality itself.
    "settings": {"server_url": env("OIDC_SERVER_URL"), "verified_email": env_list("OIDC_VERIFIED_DOMAINS")},
}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [OIDC_APP] if OIDC_CLIENT_ID else [], "OAUTH_PKCE_ENABLED": True}}
SOCIALACCOUNT_ADAPTER = "accounts.adapters.StaffAdapter"
SOCIALACCOUNT_EMAIL_REQUIRED, SOCIALACCOUNT_EMAIL_VERIFICATION = False, "none"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that ends at another site is refused by form-action in the policy below

# --- language, time, money --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

# --- the municipality -------------------------------------------------------------------------------------------------
MUNICIPALITY_NAME = env("MUNICIPALITY_NAME", "Gemeente Voorbeeldstad")
MUNICIPALITY_LOGO = env("MUNICIPALITY_LOGO")
MUNICIPALITY_COLOUR = env("MUNICIPALITY_COLOUR")
FUND_NAME = env("FUND_NAME", "Participatiefonds")
HELP_PHONE = env("HELP_PHONE", "14 030")
HELP_EMAIL = env("HELP_EMAIL", "participatiefonds@voorbeeldstad.example")

# How long after the deadline a draft that was begun before it can still be sent.
GRACE_MINUTES = int(env("GRACE_MINUTES", "60"))
# Terms of the law (Awb 4:13, 4:15): weeks to decide in, days before the end at which the light changes, the least days
# to answer a supplement in, and how many days before the end of that we send a reminder.
DECISION_WEEKS, DECISION_SOON_DAYS = int(env("DECISION_WEEKS", "8")), int(env("DECISION_SOON_DAYS", "14"))
SUPPLEMENT_DAYS, SUPPLEMENT_REMINDER_DAYS = int(env("SUPPLEMENT_DAYS", "14")), int(env("SUPPLEMENT_REMINDER_DAYS", "3"))

# --- static files: hashed and compressed, served by WhiteNoise --------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- files that people send: kept apart, never under an address of their own, served only through a locked view -------
UPLOAD_MAX_BYTES = int(env("UPLOAD_MAX_BYTES", "10485760"))  # per file
UPLOAD_MAX_PIXELS = int(env("UPLOAD_MAX_PIXELS", "50000000"))  # per picture: 50 million take up to 450 MB of memory
CLAMD_URL, PRIVATE_STORAGE = env("CLAMD_URL"), env("PRIVATE_STORAGE", "folder")  # no address of ClamAV: no scanning
if PRIVATE_STORAGE == "s3" and find_spec("storages"):
    S3 = ("bucket_name", "endpoint_url", "region_name", "access_key", "secret_key")
    options: dict[str, Any] = {name: env(f"PRIVATE_S3_{name.upper()}") or None for name in S3}
    options |= {"signature_version": "s3v4", "default_acl": "private", "file_overwrite": False}
    STORAGES["private"] = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
elif PRIVATE_STORAGE == "folder":
    options = {"location": DATA_DIR / "private", "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
    STORAGES["private"] = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
else:
    raise ImproperlyConfigured("PRIVATE_STORAGE is folder, or s3 with requirements-s3.txt installed.")

# --- mail, text messages, background work -----------------------------------------------------------------------------
# The sender says as little about the fund as the subject does: somebody may look over your shoulder.
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", f"{MUNICIPALITY_NAME} <noreply@voorbeeldstad.example>")
SMTP = {
    "host": env("EMAIL_HOST", "localhost"),
    "port": int(env("EMAIL_PORT", "25")),
    "username": env("EMAIL_HOST_USER"),
    "password": env("EMAIL_HOST_PASSWORD"),
    "use_tls": env_flag("EMAIL_USE_TLS", default=False),
    "timeout": 20,
}
MAILERS = {
    "default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": SMTP}
    if PRODUCTION
    else {"BACKEND": "accounts.outbox.DemoEmailBackend"}
}
SMS_BACKEND = env("SMS_BACKEND", "accounts.sms.HttpSmsBackend" if PRODUCTION else "accounts.outbox.DemoSmsBackend")
SMS_REGIONS = env_list("SMS_REGIONS", "NL,BE,DE")  # text messages to far countries are a known way to steal money
SMS_GATEWAY_URL, SMS_GATEWAY_TOKEN = env("SMS_GATEWAY_URL"), env("SMS_GATEWAY_TOKEN")
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend"
        if PRODUCTION
        else "django.tasks.backends.immediate.ImmediateBackend"
    }
}

# --- safety -----------------------------------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
PERMISSIONS_POLICY = (
    "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), publickey-credentials-get=(self)"
)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_flag("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "web.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- logs: structured, to standard output, without personal data ------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "web.logs.JsonFormatter"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}},
    "root": {"handlers": ["stdout"], "level": env("LOG_LEVEL", "INFO" if PRODUCTION else "WARNING")},
    # Django's own handlers would add a second, unstructured line, or mail a traceback with form values.
    "loggers": {"django": {"handlers": [], "propagate": True}, "django.server": {"handlers": [], "propagate": True}},
}
