"""The data keys of the council at hand: made when first needed, opened only for as long as asked.

An open key lives in a Keyring, which a caller makes, uses and lets go. Nothing is kept by the
process, so no council ever meets another's key.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from ims_kernel import locks
from ims_kernel.crypto import envelope
from ims_kernel.crypto.envelope import Place
from ims_kernel.crypto.errors import KeyMissing, KeyNotWrappedByOurs
from ims_kernel.crypto.models import DataKey
from ims_kernel.scope import scope_id


class Keyring:
    """Every data key of one scope. One query when made; a key is opened when it is first used."""

    __slots__ = ("_open", "_rows", "scope")

    def __init__(self, scope: str) -> None:
        self.scope = scope
        self._rows = {row.number: row for row in DataKey.objects.filter(scope=scope)}
        self._open: dict[int, bytes] = {}

    def __repr__(self) -> str:
        return f"<Keyring of {self.scope}>"

    @property
    def newest(self) -> int:
        """The number of the key that seals, 0 when there is none yet."""
        return max(self._rows, default=0)

    def key(self, number: int) -> bytes:
        """An open key. Raises KeyMissing or KeyNotWrappedByOurs."""
        if number not in self._open:
            self._open[number] = self._unwrap(number)
        return self._open[number]

    def seal(self, plain: bytes, place: Place) -> bytes:
        """Seal with the newest key, making the first one where there is none."""
        if not self._rows:
            self._rows[1] = _first(self.scope)
        return envelope.seal(plain, place, key=self.key(self.newest), number=self.newest)

    def unseal(self, sealed: bytes, place: Place) -> bytes:
        """Open a sealed value. Raises SealBroken, KeyMissing or KeyNotWrappedByOurs."""
        return envelope.unseal(sealed, place, key=self.key(envelope.number_of(sealed)))

    def _unwrap(self, number: int) -> bytes:
        row = self._rows.get(number)
        if row is None:
            raise KeyMissing(
                f"The key {number} that a secret was stored with is gone. If the database was "
                "restored, restore its table of keys too; else enter the secret again.",
                number=number,
            )
        return unwrap(row)


def ring() -> Keyring:
    """The keys of the council at hand, or of the platform."""
    return Keyring(scope_id())


def unwrap(row: DataKey) -> bytes:
    """The data key itself. Raises KeyNotWrappedByOurs."""
    for key in settings.IMS_KEY_ENCRYPTION_KEYS:
        if envelope.key_id(key) == row.wrapped_by:
            place = _place(row.scope, row.number)
            return envelope.unseal(bytes(row.wrapped), place, key=key)
    raise KeyNotWrappedByOurs(
        f"The stored secrets are protected by the key {row.wrapped_by}, which is not in "
        "IMS_KEY_ENCRYPTION_KEY. Put it back, after a comma, and start the service again.",
        wrapped_by=row.wrapped_by,
    )


def wrap(scope: str, number: int, key: bytes) -> tuple[bytes, str]:
    """The data key wrapped by the installation's first key, and that key's name."""
    ours: bytes = settings.IMS_KEY_ENCRYPTION_KEYS[0]
    sealed = envelope.seal(key, _place(scope, number), key=ours, number=number)
    return sealed, envelope.key_id(ours)


def add(scope: str, number: int) -> DataKey:
    """Make and store a new data key."""
    wrapped, by = wrap(scope, number, envelope.new_key())
    row: DataKey = DataKey.objects.create(
        scope=scope, number=number, wrapped=wrapped, wrapped_by=by
    )
    return row


def _first(scope: str) -> DataKey:
    """The first key of a scope, whoever of two at once makes it."""
    with transaction.atomic():
        locks.hold("crypto:first-key")
        found = DataKey.objects.filter(scope=scope).order_by("-number").first()
        return found or add(scope, 1)


def _place(scope: str, number: int) -> Place:
    return Place(scope, "crypto_datakey", "wrapped", str(number))


def destroy(scope: str) -> int:
    """Destroy every data key of a council: nothing sealed with them can ever be read again.

    Returns how many there were. Backups of the council's schema are unreadable too, because the
    keys are not in them.
    """
    return int(DataKey.objects.filter(scope=scope).delete()[0])
