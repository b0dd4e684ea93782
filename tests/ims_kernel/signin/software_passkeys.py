"""A device that keeps passkeys, made of fido2's own classes, as a browser speaks for it."""

from __future__ import annotations

import json
import re
import secrets
from hashlib import sha256
from html import unescape
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from tests.ims_kernel.signin.people import PASSWORD

_FLAG = AuthenticatorData.FLAG
_SHOWN = _FLAG.UP | _FLAG.UV


def options_of(client: Client, page: str) -> dict[str, Any]:
    """What a page asks the device for. Its challenge is from now on in the session."""
    html = client.get(page, secure=True).content.decode()
    found = re.search(r'data-options="([^"]+)"', html)
    assert found, html
    options: dict[str, Any] = json.loads(unescape(found.group(1)))["publicKey"]
    return options


class Device:
    """One passkey. It opens with a finger: the person is present and verified."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.origin = f"https://{host}"
        self.user_handle = b""
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._id = secrets.token_bytes(32)

    def make(self, options: dict[str, Any]) -> str:
        """What the browser answers to `navigator.credentials.create`."""
        self.user_handle = options["user"]["id"].encode()
        held = AttestedCredentialData.create(
            bytes(16), self._id, ES256.from_cryptography_key(self._key.public_key())
        )
        said = CollectedClientData.create("webauthn.create", options["challenge"], self.origin)
        attested = AttestationObject.create("none", self._data(_SHOWN | _FLAG.AT, held), {})
        return self._answer(
            clientDataJSON=websafe_encode(said), attestationObject=websafe_encode(attested)
        )

    def use(self, options: dict[str, Any], *, signer: Device | None = None) -> str:
        """What it answers to `navigator.credentials.get`; signed with the key of `signer`."""
        said = CollectedClientData.create("webauthn.get", options["challenge"], self.origin)
        data = self._data(_SHOWN)
        key = (signer or self)._key
        signature = key.sign(data + said.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=websafe_encode(said),
            authenticatorData=websafe_encode(data),
            signature=websafe_encode(signature),
            userHandle=self.user_handle.decode(),
        )

    def _data(self, flags: int, held: bytes = b"") -> AuthenticatorData:
        site = sha256(self.host.encode()).digest()
        return AuthenticatorData.create(site, _FLAG(flags), 1, held)

    def _answer(self, **response: str) -> str:
        return json.dumps(
            {
                "id": websafe_encode(self._id),
                "rawId": websafe_encode(self._id),
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {"credProps": {"rk": True}},
            }
        )


def browse(host: str) -> Client:
    """Nobody yet, on a host that is reached by HTTPS: browsers give passkeys to no other."""
    return Client(headers={"host": host})


def sign_in(client: Client, email: str) -> str:
    """The first step with the right password; where it leads."""
    answer = client.post("/sign-in", {"email": email, "password": PASSWORD}, secure=True)
    return str(answer["Location"])


def add_passkey(client: Client, device: Device, *, name: str = "Office laptop") -> Any:
    """Add a passkey on the page that does; its answer."""
    made = device.make(options_of(client, "/security/passkey"))
    return client.post("/security/passkey", {"name": name, "passkey": made}, secure=True)
