"""A model with sealed columns, with a table in both councils for one test."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from ims_kernel.crypto import rotation
from ims_kernel.crypto.fields import EncryptedJSONField, EncryptedTextField
from ims_tenants.current import enter
from ims_tenants.models import Council


class _Registry:
    """Stands in for Django's registry where sealed columns are looked for."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model

    def get_models(self) -> list[type[models.Model]]:
        return [self.model]


@pytest.fixture
def vault(northmoor: Council, eastshire: Council, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The model. Its tables go with the test's transaction."""
    with isolate_apps("ims_kernel.crypto"):

        class Vault(models.Model):
            uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
            name = models.CharField(max_length=40)
            note = EncryptedTextField(null=True)
            keys = EncryptedJSONField(null=True)

            class Meta:
                app_label = "crypto"
                db_table = "crypto_vault_of_a_test"

        for council in (northmoor, eastshire):
            with enter(council), connection.cursor() as cursor:
                cursor.execute(
                    "CREATE TABLE crypto_vault_of_a_test (id bigserial PRIMARY KEY, "
                    "uuid uuid UNIQUE NOT NULL, name varchar(40) NOT NULL, note bytea, keys bytea)"
                )
        monkeypatch.setattr(rotation, "apps", _Registry(Vault))
        yield Vault
