"""A passkey (WebAuthn, ES256), as a phone or a computer keeps it."""

import secrets
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

_PRESENT = AuthenticatorData.FLAG.UP
_VERIFIED = _PRESENT | AuthenticatorData.FLAG.UV


class Passkey:
    """Made for one host; `verifies` says whether it asks its owner for a finger or a number."""

    def __init__(self, host="testserver", *, origin=None, verifies=True):
        self.key, self.id = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)
        self.host, self.origin = host, origin or f"https://{host}"
        self.flags = _VERIFIED if verifies else _PRESENT
        self.owner = ""

    def made(self, options):
        """The answer to `creation_options`."""
        asked = options["publicKey"]
        self.owner = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        attested = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        data = self._data(self.flags | AuthenticatorData.FLAG.AT, attested)
        answer = {"attestationObject": websafe_encode(AttestationObject.create("none", data, {}))}
        return self._credential("webauthn.create", asked, answer)

    def signed(self, options):
        """The answer to `request_options`."""
        asked = options["publicKey"]
        data = self._data(self.flags)
        told = self._told("webauthn.get", asked)
        signature = self.key.sign(data + told.hash, ec.ECDSA(SHA256()))
        answer = {
            "authenticatorData": websafe_encode(data), "signature": websafe_encode(signature),
            "userHandle": self.owner,
        }  # fmt: skip
        return self._credential("webauthn.get", asked, answer)

    def _data(self, flags, attested=b""):
        return AuthenticatorData.create(sha256(self.host.encode()).digest(), flags, 0, attested)

    def _told(self, kind, asked):
        return CollectedClientData.create(kind, websafe_decode(asked["challenge"]), self.origin)

    def _credential(self, kind, asked, answer):
        name = websafe_encode(self.id)
        answer["clientDataJSON"] = websafe_encode(self._told(kind, asked))
        return {
            "id": name, "rawId": name, "type": "public-key", "response": answer,
            "clientExtensionResults": {"credProps": {"rk": True}},
        }  # fmt: skip
