"""Everything the deployment may choose comes from the environment: see .env.example."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from django.utils.translation import gettext_lazy as _

from config.env import (
    boolean,
    email,
    integer,
    lake_url,
    redis,
    report_databases,
    s3_buckets,
    s3_encryption,
    secret_key,
    store_database,
    time_zone,
    version,
    words,
)
from config.logs import configure
from config.openapi import SPECTACULAR_SETTINGS
from config.roles import ROLES  # noqa: F401  (core.roles keeps the groups by it)
from config.unfold import UNFOLD  # noqa: F401  (the back office reads it from here)

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = version(BASE_DIR / "CHANGELOG.md")

env = environ.Env()
env.read_env(BASE_DIR / ".env")
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).absolute()
VAR_DIR.mkdir(parents=True, exist_ok=True)

configure()

# Said before pyarrow is imported: its own choice, mimalloc, keeps 80 MB more of what an export has let go.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "jemalloc")

DEBUG = boolean(env, "DEBUG", default=False)
SECRET_KEY = secret_key(env, VAR_DIR)
ALLOWED_HOSTS = words(env, "ALLOWED_HOSTS", default=("127.0.0.1", "localhost", "[::1]"))
CSRF_TRUSTED_ORIGINS = words(env, "CSRF_TRUSTED_ORIGINS")
OPEN_INTERFACES = words(env, "OPEN_INTERFACES")

HTTPS = boolean(env, "HTTPS", default=True)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS

# Applications, from the shared words up to what crosses every domain.

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "simple_history",
    "django_celery_beat",
    "axes",
    "core",
    "especialidades",
    "agentes",
    "clientes",
    "polizas",
    "bienes",
    "siniestros",
    "empleados",
    "pedidos",
    "bitacora",
    "ingestion",
    "analitica",
    "reportes",
    "compat",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.languages.PersonalLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "core.sessions.SessionLimits",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "core.refusals.RefusalsTold",
    "axes.middleware.AxesMiddleware",
]

INTERFACE = env.str("INTERFACE", default="")  # served alone: manage.py serve_interface
ROOT_URLCONF = f"config.interfaces.{INTERFACE}" if INTERFACE else "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# The stores: each app says in its AppConfig which one it lives in.

DATABASES = {
    "default": store_database(env, "DATABASE_URL", VAR_DIR / "default.sqlite3"),
    "clientes": store_database(env, "CLIENTES_URL", VAR_DIR / "clientes.sqlite3"),
    "polizas": store_database(env, "POLIZAS_URL", VAR_DIR / "polizas.sqlite3"),
    "bienes": store_database(env, "BIENES_URL", VAR_DIR / "bienes.sqlite3"),
}
DATABASE_ROUTERS = ["core.stores.StoreRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
BITACORA_URL = env.str("BITACORA_URL", default=f"sqlite:///{VAR_DIR / 'bitacora.sqlite3'}")

# The lake and the work that fills it.

S3_BUCKETS = s3_buckets(env)
S3_SSE, S3_KMS_KEY = s3_encryption(env)
LAKE_URL = lake_url(env, (VAR_DIR / "lago").as_uri(), S3_BUCKETS)
SNAPSHOT_MAX_SKEW = integer(env, "SNAPSHOT_MAX_SKEW", default=900)
SNAPSHOT_KEEP = integer(env, "SNAPSHOT_KEEP", default=30, minimum=1)
SNAPSHOT_KEEP_DAYS = integer(env, "SNAPSHOT_KEEP_DAYS", default=365, minimum=1)
PSEUDONYM_KEY = env.str("PSEUDONYM_KEY", default="")
BACKUP_KEY = env.str("BACKUP_KEY", default="")
BACKUP_KEEP = integer(env, "BACKUP_KEEP", default=30, minimum=1)
BACKUP_KEEP_DAYS = integer(env, "BACKUP_KEEP_DAYS", default=90, minimum=1)
ICEBERG_CATALOG_URL = env.str("ICEBERG_CATALOG_URL", default=f"sqlite:///{VAR_DIR}/iceberg.sqlite3")

# The analytics, in each process that serves them.
ANALYTICS_ENGINE = env.str("ANALYTICS_ENGINE", default="duckdb")
ANALYTICS_WARM = boolean(env, "ANALYTICS_WARM", default=True)  # who publishes answers what is usual
ANALYTICS_CACHE = VAR_DIR / "analitica"  # what is not at hand as Parquet: of S3, of CSVs
ANALYTICS_MEMORY_MB = integer(env, "ANALYTICS_MEMORY_MB", default=512, minimum=64)
ANALYTICS_THREADS = integer(env, "ANALYTICS_THREADS", default=2, minimum=1)
ANALYTICS_CONNECTIONS = integer(env, "ANALYTICS_CONNECTIONS", default=4, minimum=1)

REDIS_URL = redis(env, "REDIS_URL")
CELERY_TASK_IGNORE_RESULT = not REDIS_URL
CELERY_RESULT_BACKEND = REDIS_URL or None
CELERY_RESULT_EXPIRES = 86_400 if REDIS_URL else None  # where nothing is kept, nothing is swept
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "core.beat:OneBeat"
CELERY_BEAT_SYNC_EVERY = 1  # who takes over knows what was sent
CELERY_TASK_PUBLISH_RETRY = False  # who can't send at once leaves it to the beat
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any]
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 10, "socket_connect_timeout": 1}
    CELERY_WORKER_DISABLE_PREFETCH = True  # a message that waits for a busy worker wakes nobody
    CELERY_REDIS_SOCKET_TIMEOUT, CELERY_REDIS_SOCKET_CONNECT_TIMEOUT = 10, 1
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "cartera",
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }
else:
    CELERY_BROKER_URL = "filesystem://localhost//"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "celery" / "cola"),
        "data_folder_out": str(VAR_DIR / "celery" / "cola"),
        "control_folder": str(VAR_DIR / "celery" / "control"),
    }

# Logs: on standard error, also of a page that failed while nobody debugs.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"consola": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["consola"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["consola"], "level": "WARNING", "propagate": False}},
}

# The operational report; served alone, it may read what the service that it replaces did.

REPORT_TITLE = env.str("REPORT_TITLE", default="Dashboard Operativo - Sprint 4")
REPORT_COLLECTION = env.str("MONGO_COLLECTION", default="")
if INTERFACE == "reportes":
    DATABASES |= report_databases(env)

# Language and time.

LANGUAGE_CODE = "es"
LANGUAGES = [("es", _("Español")), ("en", _("Inglés"))]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 31_536_000
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = time_zone(env, "TIME_ZONE", default="America/Lima")
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "config.formats"

# E-mail, by its URL: consolemail:// writes it to the log.

vars().update(email(env, "EMAIL_URL"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="Cartera <cartera@localhost>")

# Pages and who may see them.

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Signing in: five tries, sessions that end, links to set a password.

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PROXY_COUNT = integer(env, "PROXY_COUNT", default=0)
AXES_HANDLER = "core.tries.Tries"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address"]  # as core.tries reads them
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # the audit has each sign-in already
AXES_ENABLE_ADMIN = False  # core.admin.tries has a page in our words
AXES_CLIENT_IP_CALLABLE = "core.tries.client_address"
AXES_LOCKOUT_CALLABLE = "core.tries.refused"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken"]
AXES_VERBOSE = False
SESSION_COOKIE_AGE = 60 * integer(env, "SESSION_IDLE_MINUTES", default=60, minimum=5)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_TOTAL = timedelta(hours=12)
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# The API and what programs sign in with.

KNOX_TOKEN_MODEL = "core.Token"
SPECTACULAR_SETTINGS["VERSION"] = VERSION
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["core.access.TokenSignIn", "core.access.SignedIn"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "NON_FIELD_ERRORS_KEY": "detail",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}

SIMPLE_HISTORY_REVERT_DISABLED = True  # a past state is read; a person decides what to write
