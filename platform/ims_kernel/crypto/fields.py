"""Columns whose values are sealed: EncryptedTextField and EncryptedJSONField.

The attribute of a row is never the plain value but a `Secret`: it can be printed, logged and put
into an error without saying anything, and `reveal()` opens it, then and there. A value is sealed
for its council, table, column and row, so a copied ciphertext opens nowhere else.

    class Account(models.Model):
        uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
        credentials = EncryptedJSONField(null=True)

    account.credentials = {"api_key": "…"}; account.save()
    account.credentials.reveal()["api_key"]

`row` names the column that identifies the row in its seal: a UUID that is there before the row is
saved and never changes.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.core import checks
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from ims_kernel.crypto import envelope, keys
from ims_kernel.crypto.envelope import Place
from ims_kernel.scope import scope_id

HIDDEN = "[secret]"


class Secret:
    """A value that is sealed, or about to be. Shows nothing of itself anywhere."""

    __slots__ = ("_json", "_place", "_plain", "_sealed")

    def __init__(self, *, plain: Any = None, sealed: bytes = b"", is_json: bool = False) -> None:
        self._plain, self._sealed, self._json = plain, sealed, is_json
        self._place: Place | None = None

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return HIDDEN

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret is not pickled or copied: it would leave its seal.")

    def at(self, place: Place) -> Secret:
        """This secret, knowing where it stands. A sealed one keeps the place it was loaded from."""
        if self._place is None:
            self._place = place
        return self

    def reveal(self) -> Any:
        """The plain value. Raises SealBroken, KeyMissing or KeyNotWrappedByOurs. One query."""
        if not self._sealed:
            return self._plain
        return self.reveal_with(keys.ring())

    def reveal_with(self, ring: keys.Keyring) -> Any:
        """The plain value with keys the caller holds already: no query."""
        if not self._sealed:
            return self._plain
        if self._place is None:
            raise TypeError("This value was read without its row. Load the row, not its values.")
        plain = ring.unseal(self._sealed, self._place)
        return json.loads(plain) if self._json else plain.decode()

    def sealed_at(self, place: Place) -> bytes:
        """The bytes to store at the place: as they are when nothing changed, else sealed anew."""
        if self._sealed and self._place == place:
            return self._sealed
        return self.sealed_with(keys.ring(), place)

    def sealed_with(self, ring: keys.Keyring, place: Place) -> bytes:
        """Sealed anew with the newest key of the ring."""
        value = self.reveal_with(ring)
        text = json.dumps(value, separators=(",", ":")) if self._json else value
        return ring.seal(text.encode(), place)


class _Sealed(DeferredAttribute):
    """The attribute: wraps what is set, and tells what is read where it stands."""

    field: Any

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is None or value is None:
            return value
        secret = self.field.as_secret(value)
        instance.__dict__[self.field.attname] = secret
        return secret.at(self.field.place_of(instance))

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class _EncryptedField(models.Field):  # type: ignore[type-arg]
    """What both have in common. Stored as bytes; no look-up but `isnull`, no bulk update."""

    descriptor_class = _Sealed
    is_json = False
    empty_strings_allowed = False

    def __init__(self, *args: Any, row: str = "uuid", **options: Any) -> None:
        self.row = row
        options["editable"] = False
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        options.pop("editable", None)
        if self.row != "uuid":
            options["row"] = self.row
        return name, path, args, options

    def get_internal_type(self) -> str:
        return "BinaryField"

    def check(self, **options: Any) -> list[checks.CheckMessage]:
        return [*super().check(**options), *self._check_row()]

    def _check_row(self) -> list[checks.CheckMessage]:
        found = {each.name: each for each in self.model._meta.local_concrete_fields}  # noqa: SLF001
        named = found.get(self.row)
        if isinstance(named, models.UUIDField) and named.has_default() and named.unique:
            return []
        words = f"{self.row} must be a unique UUIDField with a default: it is part of the seal."
        return [checks.Error(words, obj=self, id="ims_kernel.E001")]

    def as_secret(self, value: Any) -> Secret:
        """Whatever was set or loaded, as a Secret."""
        return value if isinstance(value, Secret) else Secret(plain=value, is_json=self.is_json)

    def place_of(self, instance: Any) -> Place:
        """Where this column of this row stands."""
        table = str(self.model._meta.db_table)  # noqa: SLF001
        return Place(scope_id(), table, str(self.column), str(getattr(instance, self.row)))

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Secret | None:
        return None if value is None else Secret(sealed=bytes(value), is_json=self.is_json)

    def pre_save(self, model_instance: Any, add: bool) -> bytes | None:  # noqa: FBT001, ARG002 - Django's
        secret: Secret | None = getattr(model_instance, self.attname)
        if secret is None:
            return None
        place = self.place_of(model_instance)
        sealed = secret.sealed_at(place)
        # From here on the row holds no plain value either.
        setattr(model_instance, self.attname, Secret(sealed=sealed, is_json=self.is_json).at(place))
        return sealed

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002, ARG002 - Django's
        if value is not None and not isinstance(value, bytes):
            raise TypeError(
                f"{self.model.__name__}.{self.name} is sealed for its row: set it and save() the "
                "row. It cannot be looked up or set in bulk."
            )
        if value is None:
            return None
        envelope.number_of(value)
        return connection.Database.Binary(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is sealed: nothing but isnull can be asked of it.")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: Any) -> str:
        return HIDDEN if getattr(obj, self.attname) is not None else ""


class EncryptedTextField(_EncryptedField):
    """A text, sealed."""


class EncryptedJSONField(_EncryptedField):
    """What JSON can hold, sealed."""

    is_json = True
