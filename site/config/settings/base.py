"""What every way of running shares. Whatever differs from one deployment to the next comes from the environment.

The variables are listed in docs/settings.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ
from django.utils.translation import gettext_lazy as _

from config import ROOT, SITE

env = environ.Env()

# Everything the running site writes (database, uploads, collected static files, the demo editor's password).
VAR = Path(env.str("FIRSTHAND_VAR", default=str(ROOT / "var"))).resolve()

DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    # Our apps, highest first: templates of a higher app may override those below it.
    "demo",
    "search",
    "experiences",
    "casestudies",
    "cohorts",
    "measures",
    "figures",
    "news",
    "information",
    "interviews",
    "directory",
    "treatments",
    "pages",
    "withdrawal",
    "approval",
    "deidentification",
    "publication",
    "consent",
    "audit",
    "media",
    "conditions",
    "config",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.contrib.table_block",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "wagtailmedia",
    "modelcluster",
    "taggit",
    "treebeard",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.language.PageLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "publication.refusals.RefusedMiddleware",
    "media.middleware.PrivateFilesInAdmin",
    # Innermost: no redirect stands in for what was taken down.
    "withdrawal.middleware.GoneMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
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
    # What is deleted is overwritten, so that an erased person is not read from the file.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000; "
    "PRAGMA secure_delete=ON;",
}

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {**SQLITE_OPTIONS, **DATABASES["default"].get("OPTIONS", {})}
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", env.int("CONN_MAX_AGE", default=60))
    DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)

# Cache and tasks ------------------------------------------------------------------------------------------

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://firsthand")}
# Two sites on one Redis must not meet: picture 7 of one is not picture 7 of the other.
CACHES["default"]["KEY_PREFIX"] = env.str("CACHE_KEY_PREFIX", default="")

# Cached sessions lie in the cache and in the database: editors stay logged in when the cache is gone.
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
    # Originals, recordings, transcripts: no address leads there (media.storage).
    "private": {"BACKEND": "media.storage.PrivateFiles", "OPTIONS": {"location": VAR / "private"}},
    "staticfiles": {"BACKEND": "config.static_files.StaticFiles"},
}
if env.str("S3_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.str("S3_BUCKET"),
            "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
            "region_name": env.str("S3_REGION", default=None),
            "access_key": env.str("S3_ACCESS_KEY", default=None),
            "secret_key": env.str("S3_SECRET_KEY", default=None),
            "file_overwrite": False,
        },
    }
    STORAGES["private"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            **STORAGES["default"]["OPTIONS"],
            # A bucket of its own, that nothing but this site may read; addresses are signed and short-lived.
            "bucket_name": env.str("S3_PRIVATE_BUCKET", default=env.str("S3_BUCKET")),
            "location": "private",
            "default_acl": "private",
            "querystring_auth": True,
            "querystring_expire": 300,
        },
    }

STATIC_BROTLI = env.bool("STATIC_BROTLI", default=False)

# The story editor posts one field for every block of a long story.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Consent --------------------------------------------------------------------------------------------------

# Whether every page about a person waits for the family's approval. Whoever was asked once is always asked.
APPROVAL_REQUIRED = env.bool("APPROVAL_REQUIRED", default=False)

# How long a reader's page may be kept ready by the site's own cache (publication.page_cache); 0: not at all. More than one
# process needs a cache that they share (CACHE_URL).
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", default=0)
CACHE_MIDDLEWARE_ALIAS = "default"
if PAGE_CACHE_SECONDS:
    MIDDLEWARE = ["publication.page_cache.PageCacheMiddleware", *MIDDLEWARE]
# A cache before the site, told of each address that was taken down (docs/withdrawal.md): where an nginx listens, the word
# by which it knows us, and how long it keeps anything at the most.
if env.str("FRONT_END_CACHE_URL", default=""):
    WAGTAILFRONTENDCACHE = {
        "nginx": {
            "BACKEND": "withdrawal.surfaces.caches.NginxBackend",
            "LOCATION": env.str("FRONT_END_CACHE_URL"),
            "SECRET": env.str("FRONT_END_CACHE_SECRET"),
        }
    }
FRONT_END_CACHE_SECONDS = env.int("FRONT_END_CACHE_SECONDS", default=600)
# The file that remembers who was erased when an older database is put back. Back it up by itself, never restore it.
ERASURES_FILE = env.str("ERASURES_FILE", default=str(VAR / "erasures.jsonl"))
# Seals the audit trail and makes the keyed hashes of erased things and closed addresses. Set it to the old SECRET_KEY
# before that one is ever changed: with another key the trail looks broken and what was erased is not recognised.
RECORDS_KEY = env.str("RECORDS_KEY", default="")
# How long backups are kept: until then, a receipt says, what was taken down is still in them.
BACKUP_ROTATION_DAYS = env.int("BACKUP_ROTATION_DAYS", default=90)

# Mail -----------------------------------------------------------------------------------------------------

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Returning Hope <noreply@localhost>")
SERVER_EMAIL = env.str("SERVER_EMAIL", default=DEFAULT_FROM_EMAIL)
EMAIL_TIMEOUT = 10

# Wagtail --------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Firsthand"
WAGTAILADMIN_BASE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")

# The admin would otherwise ask hosts outside about versions, news and avatars.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

# A page that moves or is renamed leaves a redirect behind.
WAGTAILREDIRECTS_AUTO_CREATE = True

WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

WAGTAILIMAGES_IMAGE_MODEL = "media.Picture"
WAGTAILDOCS_DOCUMENT_MODEL = "media.Document"
WAGTAILMEDIA = {
    "MEDIA_MODEL": "media.Recording",
    "MEDIA_FORM_BASE": "media.forms.RecordingForm",
    # What the browser's file dialog offers. Uploads are judged by their content.
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

# How many proxies of ours stand before the site: visitors are told apart by what the outermost of them has seen.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# What browsers are told -----------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# A link followed from a page about an illness tells the other site nothing about that page.
SECURE_REFERRER_POLICY = "same-origin"
# Nobody may frame the site. Wagtail lifts this for its own previews, which the admin shows in a frame.
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "information.csrf.failure"

# Logging --------------------------------------------------------------------------------------------------

# To the standard error stream, for whatever starts the processes (a terminal, systemd, a container) to keep.
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
        # Django's own development server tells of each request.
        "requests": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_tokens"]},
    },
    "loggers": {"django.server": {"handlers": ["requests"], "level": "INFO", "propagate": False}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
