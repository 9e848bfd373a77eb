"""Settings. Everything an installation may change is an environment variable named here."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import locale

# Everything an installation may set, for docs/reference/settings.md.
ENVIRONMENT = {
    "DATABASE_URL": "postgresql://user:password@host:port/name of a PostgreSQL 15+ server; "
    "without it the embedded server is used",
    "QAFILA_DATABASE_NAME": "name of the database, when it is not the one of DATABASE_URL",
    "QAFILA_DEBUG": "1 shows error details on pages; never in production",
    "QAFILA_DEMO": "1 marks every page as a demonstration (set by `qafila demo`)",
    "QAFILA_EARLIER_SECRET_KEYS": "secret keys used before, separated by commas, until resealed",
    "QAFILA_HOME": "folder of the project, when it is installed elsewhere than it runs",
    "QAFILA_HOSTS": "host names served, separated by commas",
    "QAFILA_HTTPS": "1 when served behind HTTPS: secure cookies, redirect, HSTS",
    "QAFILA_LANGUAGE": "language of the command line: ar, fr, zgh or en (default: the terminal's)",
    "QAFILA_LARGEST_PAYMENT_DH": "most a single payment may bring, in dirhams (default 50000)",
    "QAFILA_LIST_HEADINGS": "synonyms file (YAML): further headings of lists of people",
    "QAFILA_LOG_LEVEL": "level of the log, WARNING by default",
    "QAFILA_ORIGINS": "origins trusted for forms, separated by commas",
    "QAFILA_PAYMENT_HEADINGS": "synonyms file (YAML): further headings of files of payments",
    "QAFILA_LARGEST_UPLOAD": "largest file a signed-in person may send, in megabytes (200)",
    "QAFILA_POOL": "1 keeps a pool of database connections (set by `qafila serve`)",
    "QAFILA_PROXIES": "how many proxies of yours stand before Qafila, 0 by default: addresses are "
    "taken from the X-Forwarded-For of the last so many",
    "QAFILA_SECRET_KEY": "signing and sealing key, 50 characters or more; without it one is made "
    "and kept under var/",
    "QAFILA_MAIL": "smtp://user:password@host:port of the mail server (smtps:// with TLS from the "
    "start, ?tls=1 with STARTTLS); without it passwords are reset by administrators only",
    "QAFILA_MAIL_FROM": "address that mail comes from",
    "QAFILA_VAR": "folder of everything written at run time, var/ by default",
    "QAFILA_CHROMIUM": "path of the Chromium for the browser tests",
}

PROJECT = Path(os.environ.get("QAFILA_HOME", Path(__file__).resolve().parents[3]))
VAR = Path(os.environ.get("QAFILA_VAR", PROJECT / "var"))
DEMO = os.environ.get("QAFILA_DEMO") == "1"
DATABASE_NAME = os.environ.get("QAFILA_DATABASE_NAME", "qafila")
DEBUG = os.environ.get("QAFILA_DEBUG") == "1"


_SHORTEST_SECRET_KEY = 50


def _secret_key() -> str:
    """From QAFILA_SECRET_KEY, else made once and kept under var/, readable by the owner only."""
    given = os.environ.get("QAFILA_SECRET_KEY")
    if given is None:
        return _kept_secret_key(VAR / "secret_key")
    if len(given) < _SHORTEST_SECRET_KEY:
        raise ValueError(
            f"QAFILA_SECRET_KEY must have at least {_SHORTEST_SECRET_KEY} characters. "
            "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return given


def _kept_secret_key(kept: Path) -> str:
    """The key in the file, made where there is none: whole under its name, or not at all."""
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_name(f"{kept.name}.{os.getpid()}")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
            file.flush()
            os.fsync(file.fileno())
        try:
            # Linked into place: whoever comes second keeps the first one's key.
            os.link(partial, kept)
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    key = kept.read_text().strip()
    if len(key) < _SHORTEST_SECRET_KEY:
        raise ValueError(f"{kept} is not whole. Restore it from the backup of the keys.")
    return key


def _database(url: str | None) -> dict[str, Any]:
    """Django's database settings for DATABASE_URL, or for the embedded server without one."""
    shared: dict[str, Any] = {
        "ENGINE": "qafila.foundation.database",
        "CONN_MAX_AGE": 0 if os.environ.get("QAFILA_POOL") == "1" else 60,
        # After a restart of the database, connections that died are not handed out.
        "CONN_HEALTH_CHECKS": True,
        # A statement whose asker died is ended soon, with the locks it holds: a killed rebuild
        # would otherwise go on for minutes, and the next one wait for it.
        "OPTIONS": {"options": "-c client_connection_check_interval=10s"},
    }
    if os.environ.get("QAFILA_POOL") == "1":
        shared["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 12, "timeout": 5}
    if not url:
        return shared | {"NAME": DATABASE_NAME, "EMBEDDED_FOLDER": str(VAR / "postgres")}
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("DATABASE_URL must start with postgresql://. Qafila needs PostgreSQL 15+.")
    shared["OPTIONS"] |= dict(parse_qsl(parts.query))
    return shared | {
        "NAME": os.environ.get("QAFILA_DATABASE_NAME") or unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
    }


SECRET_KEY = _secret_key()
# Earlier keys still open what they sealed and signed; `qafila accounts reseal` makes them needless.
SECRET_KEY_FALLBACKS = [
    key for key in os.environ.get("QAFILA_EARLIER_SECRET_KEYS", "").split(",") if key
]
ALLOWED_HOSTS = os.environ.get("QAFILA_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("QAFILA_ORIGINS", "").split(",") if o]
DATABASES = {"default": _database(os.environ.get("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # First, so that our pages and words win over those of the sign-in library.
    "qafila.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_linear_migrations",
    "oauth2_provider",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "qafila.foundation",
    "qafila.documents",
    "qafila.places",
    "qafila.institutions",
    "qafila.people",
    "qafila.lists",
    "qafila.register",
    "qafila.enrolment",
    "qafila.contributions",
    "qafila.rights",
    "qafila.care",
    "qafila.accompaniment",
    "qafila.indicators",
    "qafila.exchange",
    "qafila.audit",
    "qafila.jobs",
    "qafila.api",
    "qafila.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "qafila.api.answers.JsonProblems",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "qafila.web.site.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "qafila.web.site.middleware.ActorMiddleware",
    "qafila.web.site.middleware.SecondFactorMiddleware",
    "qafila.web.site.middleware.SecurityHeadersMiddleware",
    "qafila.web.site.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "qafila.config.urls"
WSGI_APPLICATION = "qafila.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["qafila.web.design.template_loader.Loader"],
                )
            ],
            "libraries": {
                "moroccan": "qafila.web.design.tags.moroccan",
                "ui": "qafila.web.design.tags.ui",
            },
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qafila.web.site.context.page_context",
            ],
        },
    }
]

# Sign-in: e-mail and password, a second factor for roles that decide (web.middleware).
AUTH_USER_MODEL = "institutions.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
_RULES = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_RULES}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "qafila.foundation.stores.password_rules.LongestPassword"},
    {"NAME": f"{_RULES}.CommonPasswordValidator"},
    {"NAME": f"{_RULES}.NumericPasswordValidator"},
]
# The second one only reads what was kept before passwords were sealed.
PASSWORD_HASHERS = [
    "qafila.foundation.stores.sealed_passwords.SealedArgon2",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
LOGIN_REDIRECT_URL = "home"
LOGIN_URL = "account_login"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "qafila.web.site.sign_in.StaffOnlyAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key"}
MFA_ADAPTER = "qafila.web.site.sign_in.SealedSecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Qafila"


def _mail(url: str | None) -> dict[str, Any]:
    """Django's settings for the mail server of QAFILA_MAIL; without it nothing is sent."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("QAFILA_MAIL must look like smtp://user:password@host:port.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": dict(parse_qsl(parts.query)).get("tls") == "1",
        "EMAIL_TIMEOUT": 10,
    }


MAIL_IS_SENT = bool(os.environ.get("QAFILA_MAIL"))
globals().update(_mail(os.environ.get("QAFILA_MAIL")))
DEFAULT_FROM_EMAIL = os.environ.get("QAFILA_MAIL_FROM", "qafila@localhost")

# Partners' programs (hospital desks, operators): tokens for an hour, reading cover by default.
OAUTH2_PROVIDER = {
    "SCOPES": {
        "coverage:read": "Ask whether a person is covered on a day",
        "coverage:dependants": "Ask about the person's spouse and children too",
        "payments:write": "Send payments received, and take them back",
    },
    "DEFAULT_SCOPES": ["coverage:read"],
    "SCOPES_BACKEND_CLASS": "qafila.api.scopes.PartnerScopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    # No other grant is offered, and of a token only its digest is kept.
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    # Drawn by us and as long as a key: it needs no seal that a change of the key would break.
    "CLIENT_SECRET_HASHER": "argon2",
}

SESSION_COOKIE_AGE = 10 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE = os.environ.get("QAFILA_HTTPS") == "1"
SESSION_COOKIE_SECURE = SECURE
# A name that browsers take only over TLS and from this very host, so no neighbour can set it.
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE else "csrftoken"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"
# Limits are by account and address: an address is what the last trusted proxy says it is.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("QAFILA_PROXIES", "0"))
LARGEST_UPLOAD = int(os.environ.get("QAFILA_LARGEST_UPLOAD", "200")) * 10**6
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20

# Three languages. Django does not know Amazigh (IRCAM standard, Tifinagh).
LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", "العربية"), ("fr", "Français"), ("zgh", "ⵜⴰⵎⴰⵣⵉⵖⵜ")]
locale.LANG_INFO["zgh"] = {
    "bidi": False,
    "code": "zgh",
    "name": "Standard Moroccan Amazigh",
    "name_local": "ⵜⴰⵎⴰⵣⵉⵖⵜ",
}
USE_I18N = True
LOCALE_PATHS = [PROJECT / "src" / "qafila" / "cli" / "locale"]
USE_TZ = True
TIME_ZONE = "Africa/Casablanca"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 31_536_000
WHITENOISE_IMMUTABLE_FILE_TEST = r"/static/dist/.+-[\w-]{8}\.(js|css|woff2|svg|png)$"

UPLOADS = VAR / "uploads"
LARGEST_PAYMENT_DH = int(os.environ.get("QAFILA_LARGEST_PAYMENT_DH", "0")) or None
LIST_HEADINGS = os.environ.get("QAFILA_LIST_HEADINGS", "")
PAYMENT_HEADINGS = os.environ.get("QAFILA_PAYMENT_HEADINGS", "")
SILENCED_SYSTEM_CHECKS = ["models.W042"]
# One store for all processes: who signed out in one is signed out in each, limits count once.
SESSION_ENGINE = "qafila.foundation.stores.sessions"
CACHES = {"default": {"BACKEND": "qafila.foundation.stores.shared_cache.SharedCache"}}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "qafila.config.masked_logs.MaskedFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("QAFILA_LOG_LEVEL", "WARNING")},
}
