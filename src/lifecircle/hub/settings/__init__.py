"""Django's settings, from the environment, with defaults that are safe.

The data folder (`LIFECIRCLE_DATA`) holds what a server keeps: the database where none is named, its
secrets, bundles, results and uploads. docs/reference/hub.md lists every variable.
"""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url

from lifecircle.hub.personal import days_of
from lifecircle.hub.settings.content_policy import CONTENT_POLICY
from lifecircle.hub.settings.secrets import kept_key

DATA = Path(os.environ.get("LIFECIRCLE_DATA", "lifecircle-data")).absolute()
DATA.mkdir(parents=True, exist_ok=True, mode=0o700)

SECRET_KEY = os.environ.get("LIFECIRCLE_SECRET_KEY") or kept_key(DATA / "secret.key")
FIELD_KEYS = os.environ.get("LIFECIRCLE_FIELD_KEYS", "").split() or [kept_key(DATA / "field.key")]
"""Keys of encrypted fields, the newest first; an old one stays until its rows are written anew."""

DEBUG = False
DEMO = os.environ.get("LIFECIRCLE_DEMO") == "1"
HTTPS = os.environ.get("LIFECIRCLE_HTTPS") == "1"
ALLOWED_HOSTS = os.environ.get("LIFECIRCLE_HOSTS", "localhost 127.0.0.1 [::1]").split()
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.headless",
    "allauth.usersessions",
    "lifecircle.hub.audit",
    "lifecircle.hub.places",
    "lifecircle.hub.people",
    "lifecircle.hub.facilities",
    "lifecircle.hub.assessments",
    "lifecircle.hub.layers",
    "lifecircle.hub.planning",
    "lifecircle.hub.surveys",
    "lifecircle.hub.duty",
    "lifecircle.hub.cases",
    "lifecircle.hub.command",
    "lifecircle.hub.patrols",
    "lifecircle.hub.devices",
    "lifecircle.hub.rules",
    "lifecircle.hub.notify",
    "lifecircle.hub.open311",
    "lifecircle.hub.warnings",
    "lifecircle.hub.stream",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "lifecircle.hub.text.AddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lifecircle.hub.sessions.IdleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lifecircle.hub.people.door.DoorMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "lifecircle.hub.urls"
WSGI_APPLICATION = "lifecircle.hub.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("LIFECIRCLE_DATABASE_URL", f"sqlite:///{DATA / 'hub.sqlite3'}"),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # A write waits for the one before it, instead of failing when it finds it in the way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    # A network that is cut says nothing: it is noticed after fifteen seconds, and what was under way is tried again.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 5, "keepalives_count": 2, "tcp_user_timeout": 15000,
        **DATABASES["default"].get("OPTIONS", {}),
    }  # fmt: skip
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "hub_cache"}
}

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "lifecircle.hub.people.passwords.ThreeClassesValidator"},
]

ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "lifecircle.hub.people.adapters.AccountAdapter"
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,5/15m/key"}
ACCOUNT_PREVENT_ENUMERATION = True
SOCIALACCOUNT_ADAPTER = "lifecircle.hub.people.adapters.SocialAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_URL = os.environ.get("LIFECIRCLE_OIDC_URL", "")
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "city",
                    "name": os.environ.get("LIFECIRCLE_OIDC_NAME", "统一身份 City identity"),
                    "client_id": os.environ.get("LIFECIRCLE_OIDC_CLIENT", ""),
                    "secret": os.environ.get("LIFECIRCLE_OIDC_SECRET", ""),
                    "settings": {"server_url": OIDC_URL},
                }
            ],
        }
    }
    if OIDC_URL
    else {}
)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Lifecircle"
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "lifecircle.hub.people.adapters.MFAAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = (
    True  # addresses are the administrator's word, and nothing is sent to them
)
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}  # twice for each log-in
MFA_RECOVERY_CODES_SHOW_ONCE = True
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_FRONTEND_URLS = {
    "account_reset_password_from_key": "/login?key={key}",
    "account_confirm_email": "/login?key={key}",
    "account_signup": "/login",
    "socialaccount_login_error": "/login?refused=1",
}
USERSESSIONS_ADAPTER = "lifecircle.hub.people.adapters.SessionsAdapter"
USERSESSIONS_TRACK_ACTIVITY = False  # a write for every request, to say what the idle limit says

SESSION_COOKIE_AGE = 15 * 60
"""Seconds without a request after which a session ends, to within a minute."""
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = CONTENT_POLICY

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
FILE_UPLOAD_TEMP_DIR = None
MOST_UPLOAD_BYTES = 50 * 2**20

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = os.environ.get("LIFECIRCLE_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
STATIC_URL = "/static/"
WEB_ROOT = Path(__file__).resolve().parent.parent / "web"
"""The built staff web; the wheel carries it, a checkout builds it."""
WHITENOISE_ROOT = WEB_ROOT if WEB_ROOT.is_dir() else None
WHITENOISE_INDEX_FILE = False
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/assets/.+-[\w-]{8}\.(js|css|woff2|svg|png)(\.gz|\.br)?$"

PUBLISHER = os.environ.get("LIFECIRCLE_PUBLISHER", "生活圈平台 Lifecircle")
"""Who publishes open data."""
CONTACT = os.environ.get("LIFECIRCLE_CONTACT", "")
"""Whom the public may ask: told in Open311's discovery and in warnings."""
JURISDICTION = os.environ.get("LIFECIRCLE_JURISDICTION", "")
"""The `jurisdiction_id` of Open311; the district's code where there is none."""
CAP_SENDER = os.environ.get("LIFECIRCLE_CAP_SENDER", f"lifecircle@{ALLOWED_HOSTS[0]}")
"""Who sends warnings, in CAP: a name that is nobody else's in the world."""
OC4IDS_PREFIX = os.environ.get("LIFECIRCLE_OC4IDS_PREFIX", "")
"""What goes before a project's number in OC4IDS, as registered: `oc4ids-abc123-`."""

HOLIDAYS = frozenset(os.environ.get("LIFECIRCLE_HOLIDAYS", "").split())
"""Days (2026-10-01) without work besides weekends: clocks of P3 to P5 stand still."""
GATEWAYS = {
    name: os.environ[f"LIFECIRCLE_GATEWAY_{name.upper()}"]
    for name in ("sms", "voice", "work") if os.environ.get(f"LIFECIRCLE_GATEWAY_{name.upper()}")
}  # fmt: skip
"""Where notices of a channel go; a channel without an address is off."""
GATEWAY_KEY = os.environ.get("LIFECIRCLE_GATEWAY_KEY", "")

CHATS = frozenset(os.environ.get("LIFECIRCLE_CHATS", "").split())
"""Which kinds of group chats may be told of cases: wecom, dingtalk, feishu, schemas of apprise; none, and chats are off."""
BOTS = {
    "wecom": os.environ.get("LIFECIRCLE_WECOM_URL", "https://qyapi.weixin.qq.com"),
    "dingtalk": os.environ.get("LIFECIRCLE_DINGTALK_URL", "https://oapi.dingtalk.com"),
    "feishu": os.environ.get("LIFECIRCLE_FEISHU_URL", "https://open.feishu.cn"),
}
URL = os.environ.get("LIFECIRCLE_URL", f"http{'s' * HTTPS}://{ALLOWED_HOSTS[0]}").rstrip("/")
"""Where people open the platform: what links in messages begin with."""

WEBPUSH = os.environ.get("LIFECIRCLE_WEBPUSH", "")
"""Whom a push service may write to about what we send (`mailto:` or `https:`); without it nobody's closed page is told."""
if WEBPUSH and not WEBPUSH.startswith(("mailto:", "https:")):
    raise ValueError(
        f"LIFECIRCLE_WEBPUSH: {WEBPUSH}: mailto:... or https:... / 须为 mailto: 或 https: 地址"
    )
WEBPUSH_KEY = os.environ.get("LIFECIRCLE_WEBPUSH_KEY") or kept_key(DATA / "webpush.key")
"""The private key (P-256, URL-safe base64) that browsers know us by: with another one all of them have to be switched on anew."""

KEEP_DAYS = days_of(os.environ.get("LIFECIRCLE_KEEP_DAYS", ""))
"""How long what is known of people is kept, by the names in `personal.toml`."""

PUSH_TOKENS = {
    name: os.environ.get(f"LIFECIRCLE_PUSH_{name.upper()}", "") for name in ("ctwing", "onenet")
}
"""What we share with a platform that pushes its devices' messages; without one its pushes are off."""

MQTT_URL = os.environ.get("LIFECIRCLE_MQTT_URL", "")
"""The broker that devices speak to: `mqtt://host:1883`, `mqtts://host:8883`; none, and they speak HTTP only."""
MQTT_KEY = os.environ.get("LIFECIRCLE_MQTT_KEY") or kept_key(DATA / "mqtt.key")
MQTT_CA = os.environ.get("LIFECIRCLE_MQTT_CA", "")
MQTT_CERTIFICATE = os.environ.get("LIFECIRCLE_MQTT_CERTIFICATE", "")
MQTT_CERTIFICATE_KEY = os.environ.get("LIFECIRCLE_MQTT_CERTIFICATE_KEY", "")
"""What our own broker shows to devices: with them it listens with TLS."""
MQTT_DEVICE_CA = os.environ.get("LIFECIRCLE_MQTT_DEVICE_CA", "")
"""Who signed the certificates that devices show instead of a secret; with it there is a listener for them."""

DEADMAN_URL = os.environ.get("LIFECIRCLE_DEADMAN_URL", "")
"""Called each time that a canary came through the message path; that it is not called any more is the alarm."""

WEBHOOKS_ANYWHERE = os.environ.get("LIFECIRCLE_WEBHOOKS_ANYWHERE") == "1"
"""Webhooks may lead into this server's own network, and go without TLS: for tests and closed networks."""

THREADS = int(os.environ.get("LIFECIRCLE_THREADS", "8"))
"""Requests that one process answers at the same time."""

TRUSTED_PROXIES = int(os.environ.get("LIFECIRCLE_TRUSTED_PROXIES", "0"))
"""How many proxies of ours stand before the server: whose `X-Forwarded-For` is believed."""
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # It writes addresses with their keys: what it warns of is heard where it is called.
    "loggers": {"apprise": {"handlers": [], "level": "WARNING", "propagate": False}},
}
