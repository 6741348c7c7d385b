"""Settings that all ways of running share. The environment sets what differs between deployments.

docs/settings.md lists the variables.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ
from django.utils.translation import gettext_lazy as _

from config import ROOT, SITE
from config.settings.installed import *  # noqa: F403 - INSTALLED_APPS is a setting

env = environ.Env()

# All files that the site writes (database, uploads, collected static files, the demo editor's password).
VAR = Path(env.str("FIRSTHAND_VAR", default=str(ROOT / "var"))).resolve()

DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "rendering.loader.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                    str(SITE / "templates"),
                )
            ],
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Database -------------------------------------------------------------------------------------------------

SQLITE_OPTIONS = {
    # A writer takes its lock at BEGIN, so that two writers queue up instead of one failing half-way.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # Deleted rows are overwritten, so that an erased person's data cannot be read from the file.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000; "
    "PRAGMA secure_delete=ON;",
}

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {**SQLITE_OPTIONS, **DATABASES["default"].get("OPTIONS", {})}
# Also for SQLite, where opening the file and reading its schema takes longer than all queries of a page.
DATABASES["default"].setdefault("CONN_MAX_AGE", env.int("CONN_MAX_AGE", default=60))
DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)

# Cache and tasks ------------------------------------------------------------------------------------------

CACHES: dict[str, dict[str, Any]] = {
    "default": {
        # For all processes of one machine.
        "BACKEND": "config.machine_cache.MachineCache",
        "LOCATION": str(VAR / "cache.sqlite3"),
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
if env.str("CACHE_URL", default=""):
    CACHES["default"] = env.cache_url("CACHE_URL")
# Two sites on one Redis need different prefixes: picture 7 of one is not picture 7 of the other.
CACHES["default"]["KEY_PREFIX"] = env.str("CACHE_KEY_PREFIX", default="")

# Sessions are in the cache and in the database: editors stay logged in when the cache is lost.
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# Passwords and logins -------------------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Languages ------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [
    ("en", _("English")),
    ("ar", _("Arabic")),
    ("es", _("Spanish")),
    ("ru", _("Russian")),
    ("ro", _("Romanian")),
]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]
WAGTAIL_I18N_ENABLED = False
LOCALE_PATHS = [SITE / "locale"]

# Static files and uploads ---------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [SITE / "static"]

MEDIA_URL = "/files/"
MEDIA_ROOT = VAR / "files"

STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Originals, recordings, transcripts: these files have no public address (media.storage).
    "private": {"BACKEND": "media.storage.PrivateFiles", "OPTIONS": {"location": VAR / "private"}},
    "staticfiles": {"BACKEND": "config.static_files.StaticFiles"},
}
# Where nginx sends files itself when the site says so (X-Accel-Redirect); '' where this site sends them.
FILES_ACCEL = env.str("FILES_ACCEL", default="")
if env.str("S3_BUCKET", default=""):
    S3_OPTIONS = {
        "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
        "region_name": env.str("S3_REGION", default=None),
        "access_key": env.str("S3_ACCESS_KEY", default=None),
        "secret_key": env.str("S3_SECRET_KEY", default=None),
        "signature_version": "s3v4",
        "file_overwrite": False,
        "querystring_expire": 300,
    }
    STORAGES["default"] = {
        "BACKEND": "config.buckets.PublicBucket",
        "OPTIONS": {
            **S3_OPTIONS,
            "bucket_name": env.str("S3_BUCKET"),
            # Not the root: files there that no page shows are removed, and originals may be in this bucket.
            "location": "public",
            "public_url": env.str("S3_PUBLIC_URL", default=""),
        },
    }
    STORAGES["private"] = {
        "BACKEND": "config.buckets.Bucket",
        "OPTIONS": {
            **S3_OPTIONS,
            # Better a bucket of its own. Addresses are signed and expire soon.
            "bucket_name": env.str("S3_PRIVATE_BUCKET", default=env.str("S3_BUCKET")),
            "location": "private",
            "querystring_auth": True,
        },
    }

STATIC_BROTLI = env.bool("STATIC_BROTLI", default=False)
# The story editor posts one field for every block of a long story.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Consent --------------------------------------------------------------------------------------------------

# Whether every page about a person needs the family's approval. Once a family was asked, it is always needed.
APPROVAL_REQUIRED = env.bool("APPROVAL_REQUIRED", default=False)

# The limits of what is computed from people: see docs/disclosure.md.
DISCLOSURE_SMALLEST = env.int("DISCLOSURE_SMALLEST", default=5)
DISCLOSURE_BASE = env.int("DISCLOSURE_BASE", default=5)
DISCLOSURE_FEWEST = env.int("DISCLOSURE_FEWEST", default=10)

# How much memory each process may use to keep pages for visitors (delivery.wsgi); 0 turns this off, and pages
# are no longer stored when they are published.
PAGE_CACHE_MEGABYTES = env.int("PAGE_CACHE_MEGABYTES", default=64)
# A cache in front of the site, told which addresses to purge (docs/withdrawal.md): where nginx listens, the
# shared secret, and how long nginx keeps a response at most.
if env.str("FRONT_END_CACHE_URL", default=""):
    WAGTAILFRONTENDCACHE = {
        "nginx": {
            "BACKEND": "withdrawal.surfaces.caches.NginxBackend",
            "LOCATION": env.str("FRONT_END_CACHE_URL"),
            "SECRET": env.str("FRONT_END_CACHE_SECRET"),
        }
    }
FRONT_END_CACHE_SECONDS = env.int("FRONT_END_CACHE_SECONDS", default=600)
# The file that remembers who was erased when an older database is restored. Back it up separately; never
# restore it.
ERASURES_FILE = env.str("ERASURES_FILE", default=str(VAR / "erasures.jsonl"))
# The ledger of withdrawals, erasures and refusals, which outlasts a restored database (docs/withdrawal.md): a
# file, or with '' the bucket of private files. Never restore an older copy of it.
LEDGER_FILE = env.str("LEDGER_FILE", default="" if "S3_OPTIONS" in globals() else str(VAR / "ledger.jsonl"))
# Whether each process that answers requests compares the database with the ledger when it starts.
LEDGER_CHECKS = True
# Seals the audit trail and makes the keyed hashes of erased records and withdrawn addresses. Before
# SECRET_KEY is ever changed, set this to the old key: with another key the trail looks broken and erased
# records are not recognised.
RECORDS_KEY = env.str("RECORDS_KEY", default="")
# How long backups are kept. A receipt says that withdrawn content remains in backups until then.
BACKUP_ROTATION_DAYS = env.int("BACKUP_ROTATION_DAYS", default=90)

# Mail -----------------------------------------------------------------------------------------------------

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Returning Hope <noreply@localhost>")
SERVER_EMAIL = env.str("SERVER_EMAIL", default=DEFAULT_FROM_EMAIL)
EMAIL_TIMEOUT = 10

# Wagtail --------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Firsthand"
WAGTAILADMIN_BASE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")

# The admin would otherwise ask other hosts for versions, news and avatars.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

# A page that moves or is renamed leaves a redirect behind.
WAGTAILREDIRECTS_AUTO_CREATE = True

WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.admin_index"}}

WAGTAILIMAGES_IMAGE_MODEL = "media.Picture"
WAGTAILDOCS_DOCUMENT_MODEL = "media.Document"
WAGTAILMEDIA = {
    "MEDIA_MODEL": "media.Recording",
    "MEDIA_FORM_BASE": "media.forms.RecordingForm",
    # What the browser's file dialog offers. Uploads are checked by their content.
    "AUDIO_EXTENSIONS": ["mp3", "m4a", "ogg", "oga", "opus", "wav", "webm"],
    "VIDEO_EXTENSIONS": ["mp4", "m4v", "mov", "webm"],
}
WAGTAILIMAGES_IMAGE_FORM_BASE = "media.forms.PictureForm"
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []

WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif", "heic"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 64_000_000
WAGTAILDOCS_EXTENSIONS = ["pdf", "csv", "docx", "odt", "txt", "xlsx", "ods"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 40 * 1024 * 1024
WAGTAILDOCS_INLINE_CONTENT_TYPES = ["application/pdf", "text/plain"]
WAGTAILIMAGES_AVIF_QUALITY = 55
WAGTAILIMAGES_WEBP_QUALITY = 76
WAGTAILIMAGES_JPEG_QUALITY = 78

TAGGIT_CASE_INSENSITIVE = True

# How many of our proxies are in front of the site: the address that the outermost saw is the visitor's.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# Security headers -----------------------------------------------------------------------------------------

# Production sets it where a proxy in front of the site speaks HTTPS.
SECURE_PROXY_SSL_HEADER: tuple[str, str] | None = None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# A link from a page about an illness must tell the other site nothing about that page.
SECURE_REFERRER_POLICY = "same-origin"
# No site may show this one in a frame. Wagtail lifts this for its own previews in the admin.
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "information.csrf.failure"

# Logging --------------------------------------------------------------------------------------------------

# To the standard error stream; the terminal, systemd or container that starts the process keeps it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # The address of an approval link is a secret.
    "filters": {"without_tokens": {"()": "approval.log_filter.WithoutTokens"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["without_tokens"],
            "level": env.str("LOG_LEVEL", default="WARNING").upper(),
        },
        # Django's development server logs each request.
        "requests": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_tokens"]},
    },
    "loggers": {"django.server": {"handlers": ["requests"], "level": "INFO", "propagate": False}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
