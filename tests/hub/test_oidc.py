"""Logging in by a city's identity provider: a real one on this machine, by the protocol."""

import base64
import datetime as dt
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.utils import timezone
from jwt.algorithms import RSAAlgorithm

from lifecircle.hub.people import actions

CLIENT, SECRET = "lifecircle", "between-the-two"


class Provider:
    """OpenID Connect Core 1.0, the code flow with PKCE, for one person at a time."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person, self.codes = "planner", {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.say(outer.get(urlsplit(self.path), self.headers))

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.say(outer.token({k: v[0] for k, v in parse_qs(body).items()}, self.headers))

            def say(self, content):
                body = json.dumps(content or {}).encode()
                self.send_response(200 if content else 400)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def get(self, url, headers):
        if url.path == "/.well-known/openid-configuration":
            names = {"authorization_endpoint": "/authorize", "token_endpoint": "/token",
                     "userinfo_endpoint": "/userinfo", "jwks_uri": "/keys"}  # fmt: skip
            return {"issuer": self.url, **{k: self.url + v for k, v in names.items()},
                    "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"]}  # fmt: skip
        if url.path == "/keys":
            return {
                "keys": [
                    {
                        **json.loads(RSAAlgorithm.to_jwk(self.key.public_key())),
                        "kid": "1",
                        "use": "sig",
                    }
                ]
            }
        if url.path == "/userinfo" and headers["Authorization"] == "Bearer opened":
            return self.claims()
        return None

    def claims(self):
        return {
            "sub": f"id-of-{self.person}",
            "preferred_username": self.person,
            "name": self.person,
        }

    def authorize(self, location):
        """What a browser does at the provider: somebody logs in there and is sent back."""
        asked = {k: v[0] for k, v in parse_qs(urlsplit(location).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        self.codes["once"] = asked
        return f"{asked['redirect_uri']}?code=once&state={asked['state']}"

    def token(self, body, headers):
        asked = self.codes.pop(body.get("code"), None)
        digest = hashlib.sha256(body.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        given = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        known = headers["Authorization"] == f"Basic {given}" or body.get("client_secret") == SECRET
        if asked is None or not known or challenge != asked["code_challenge"]:
            return None
        now = timezone.now()
        claims = {
            **self.claims(),
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + dt.timedelta(minutes=5),
        }
        token = jwt.encode(claims, self.key, "RS256", headers={"kid": "1"})
        return {
            "access_token": "opened",
            "token_type": "Bearer",
            "id_token": token,
            "expires_in": 300,
        }


@pytest.fixture
def provider(settings):
    found = Provider()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [{"provider_id": "city", "name": "City", "client_id": CLIENT, "secret": SECRET,
                      "settings": {"server_url": found.url}}],
        }
    }  # fmt: skip
    yield found
    found.server.shutdown()
    found.server.server_close()


def enter(client, provider):
    asked = {"provider": "city", "process": "login", "callback_url": "http://testserver/"}
    sent = client.post("/_allauth/browser/v1/auth/provider/redirect", asked)
    assert sent.status_code == 302, sent.content
    back = provider.authorize(sent["Location"])
    return client.get(back.removeprefix("http://testserver"))


def test_somebody_of_staff_comes_in_by_the_city_s_own_identity(hub, provider):
    client = hub.client()
    enter(client, provider)
    assert client.get("/api/v1/me").json()["username"] == "planner"
    again = hub.client()
    enter(again, provider)
    assert again.get("/api/v1/me").status_code == 200


@pytest.mark.parametrize("person", ["stranger", "resident", ""])
def test_who_has_no_account_of_staff_does_not_come_in_and_gets_none(hub, provider, person):
    from lifecircle.hub.people.models import Account

    provider.person, before = person, Account.objects.count()
    client = hub.client()
    enter(client, provider)
    assert client.get("/api/v1/me").status_code == 401
    assert Account.objects.count() == before


def test_who_is_locked_here_does_not_come_in_from_there(hub, provider):
    actions.set_active(hub.actor("sysadmin"), "planner", active=False)
    client = hub.client()
    enter(client, provider)
    assert client.get("/api/v1/me").status_code == 401


def test_a_code_of_another_browser_does_not_let_in(hub, provider):
    client, thief = hub.client(), hub.client()
    asked = {"provider": "city", "process": "login", "callback_url": "http://testserver/"}
    back = provider.authorize(
        client.post("/_allauth/browser/v1/auth/provider/redirect", asked)["Location"]
    )
    thief.get(back.removeprefix("http://testserver"))
    assert thief.get("/api/v1/me").status_code == 401
