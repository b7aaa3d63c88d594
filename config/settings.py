"""Everything the deployment may choose comes from the environment: see .env.example."""

from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from config.env import (
    boolean,
    email,
    integer,
    redis,
    secret_key,
    store_database,
    time_zone,
    version,
    words,
)
from config.logs import configure
from config.roles import ROLES  # noqa: F401  (core.roles keeps the groups by it)
from config.unfold import UNFOLD  # noqa: F401  (the back office reads it from here)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
VAR_DIR.mkdir(exist_ok=True)
VERSION = version(BASE_DIR / "CHANGELOG.md")

env = environ.Env()
env.read_env(BASE_DIR / ".env")

configure()

DEBUG = boolean(env, "DEBUG", default=False)
SECRET_KEY = secret_key(env, VAR_DIR)
ALLOWED_HOSTS = words(env, "ALLOWED_HOSTS", default=("127.0.0.1", "localhost", "[::1]"))
CSRF_TRUSTED_ORIGINS = words(env, "CSRF_TRUSTED_ORIGINS")
OPEN_INTERFACES = words(env, "OPEN_INTERFACES")

HTTPS = boolean(env, "HTTPS", default=True)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
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
    "simple_history",
    "django_celery_beat",
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
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "config.urls"
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

LAKE_URL = env.str("LAKE_URL", default=(VAR_DIR / "lago").as_uri())
SNAPSHOT_MAX_SKEW = integer(env, "SNAPSHOT_MAX_SKEW", default=900)

REDIS_URL = redis(env, "REDIS_URL")
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_EXPIRES = None  # nothing is kept, so nothing is swept
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
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

# Language and time.

LANGUAGE_CODE = "es"
LANGUAGES = [("es", _("Español")), ("en", _("Inglés"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = time_zone(env, "TIME_ZONE", default="America/Lima")
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "config.formats"

# E-mail, by its URL: consolemail:// writes it to the log.

vars().update(email(env, "EMAIL_URL"))

# Pages and who may see them.

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
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

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["core.access.SignedIn"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}

SIMPLE_HISTORY_REVERT_DISABLED = True  # a past state is read; a person decides what to write
