"""The hub's settings in tests: a data folder that nobody keeps, passwords that are quick to check."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="lifecircle-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["LIFECIRCLE_DATA"] = _folder

from lifecircle.hub.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
