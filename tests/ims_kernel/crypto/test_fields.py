"""Sealed columns: the value comes back from its own row, and shows itself nowhere."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import re
import traceback
import uuid
from typing import Any

import pytest
from django.core import serializers
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext, isolate_apps
from pytest_django.fixtures import Settings

from ims_kernel.crypto import envelope, keys
from ims_kernel.crypto.errors import KeyMissing, KeyNotWrappedByOurs, SealBroken
from ims_kernel.crypto.fields import EncryptedTextField
from ims_kernel.crypto.models import DataKey
from ims_kernel.crypto.sealing import open_text, seal_text
from ims_kernel.scope import scope_id
from ims_tenants.current import enter, public
from ims_tenants.models import Council
from tests.councils import move

SECRET = "sk_live_51InventedForATest"


@pytest.fixture
def row(vault: Any, northmoor: Council) -> Any:
    """A row of Northmoor with a secret text and secret JSON, read back from the database."""
    with enter(northmoor):
        made = vault.objects.create(name="one", note=SECRET, keys={"api": SECRET, "n": 3})
        return vault.objects.get(pk=made.pk)


def raw(sql: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0] if cursor.description else None


def test_a_value_comes_back(row: Any, northmoor: Council) -> None:
    with enter(northmoor):
        assert row.note.reveal() == SECRET
        assert row.keys.reveal() == {"api": SECRET, "n": 3}


def test_the_table_holds_nothing_of_it(row: Any, northmoor: Council) -> None:
    with enter(northmoor):
        stored = bytes(raw("SELECT note || keys FROM crypto_vault_of_a_test"))
    assert SECRET.encode() not in stored
    assert b"api" not in stored


def test_an_empty_column_is_none(vault: Any, northmoor: Council) -> None:
    with enter(northmoor):
        made = vault.objects.create(name="empty")
        found = vault.objects.get(pk=made.pk)
        assert found.note is None
        assert list(vault.objects.filter(note__isnull=True)) == [found]
        found.note = ""
        found.save()
        assert vault.objects.get(pk=made.pk).note.reveal() == ""


def test_the_value_shows_itself_nowhere(
    row: Any, vault: Any, northmoor: Council, caplog: pytest.LogCaptureFixture
) -> None:
    with enter(northmoor):
        fresh = vault(name="two", note=SECRET, keys={"api": SECRET})
        for secret in (row.note, row.keys, fresh.note, fresh.keys):
            with caplog.at_level(logging.DEBUG):
                logging.getLogger("test").info("it is %s %r", secret, secret)
            shown = f"{secret} {secret!r} {secret:>9} {[secret]} {vars(fresh)}{vars(row)}"
            assert SECRET not in shown + caplog.text
            with pytest.raises(TypeError, match="not JSON serializable"):
                json.dumps(secret)
            for copied in (pickle.dumps, copy.deepcopy):
                with pytest.raises(TypeError, match="pickled or copied") as caught:
                    copied(secret)
                assert SECRET not in "".join(traceback.format_exception(caught.value))
        assert SECRET not in serializers.serialize("json", [row])


def test_a_saved_row_keeps_no_plain_value(vault: Any, northmoor: Council) -> None:
    with enter(northmoor):
        made = vault.objects.create(name="one", note=SECRET)
        assert made.note._plain is None
        assert made.note.reveal() == SECRET


def test_a_value_not_saved_yet_can_be_read_and_its_keys_say_nothing(
    vault: Any, northmoor: Council
) -> None:
    with enter(northmoor):
        fresh = vault(name="new", note=SECRET, keys={"api": SECRET})
        assert fresh.note.reveal() == SECRET
        assert fresh.keys.reveal() == {"api": SECRET}
        assert not DataKey.objects.filter(scope=scope_id()).exists()
        fresh.save()
        ring = keys.ring()
        opened = ring.key(ring.newest)
        assert (
            f"{ring!r} {[ring]}" == f"<Keyring of {northmoor.uuid}> [<Keyring of {northmoor.uuid}>]"
        )
        assert repr(opened) not in repr(ring)


def test_a_migration_keeps_the_column_a_value_is_sealed_with() -> None:
    _, _, _, options = EncryptedTextField(row="mark", null=True).deconstruct()
    assert options == {"row": "mark", "null": True}
    assert EncryptedTextField(**options).row == "mark"
    assert EncryptedTextField().deconstruct()[3] == {}


def test_saving_without_a_change_stores_the_same_bytes(row: Any, northmoor: Council) -> None:
    with enter(northmoor):
        before = bytes(raw("SELECT note FROM crypto_vault_of_a_test"))
        row.name = "renamed"
        row.save()
        assert bytes(raw("SELECT note FROM crypto_vault_of_a_test")) == before
        row.refresh_from_db()
        assert row.note.reveal() == SECRET


def asked(queries: CaptureQueriesContext) -> list[str]:
    """The tables that were read."""
    found = [re.search(r'FROM "(\w+)"', query["sql"]) for query in queries.captured_queries]
    return [each.group(1) for each in found if each]


def test_loading_rows_asks_for_no_key(row: Any, vault: Any, northmoor: Council) -> None:
    with enter(northmoor):
        with CaptureQueriesContext(connection) as queries:
            assert [str(each.note) for each in vault.objects.all()] == ["[secret]"]
        assert asked(queries) == ["crypto_vault_of_a_test"]
        found = vault.objects.defer("note").get()
        with CaptureQueriesContext(connection) as queries:
            assert found.note.reveal() == SECRET
        # The column, the row it is sealed for, and the keys.
        assert asked(queries) == [*["crypto_vault_of_a_test"] * 2, "crypto_datakey"]


def test_a_value_moved_to_another_row_does_not_open(
    row: Any, vault: Any, northmoor: Council
) -> None:
    with enter(northmoor):
        other = vault.objects.create(name="two", note="another")
        raw(
            "UPDATE crypto_vault_of_a_test SET note = (SELECT note FROM crypto_vault_of_a_test "
            "WHERE id = %s) WHERE id = %s", row.pk, other.pk,
        )  # fmt: skip
        with pytest.raises(SealBroken) as caught:
            vault.objects.get(pk=other.pk).note.reveal()
        assert SECRET not in str(caught.value) + str(caught.value.facts)


def test_nor_in_another_column(row: Any, vault: Any, northmoor: Council) -> None:
    with enter(northmoor):
        raw("UPDATE crypto_vault_of_a_test SET keys = note")
        with pytest.raises(SealBroken):
            vault.objects.get(pk=row.pk).keys.reveal()


def test_nor_in_another_council(
    row: Any, vault: Any, northmoor: Council, eastshire: Council
) -> None:
    """Not even with the same row, and with the first council's key copied along."""
    raw(
        f"INSERT INTO {eastshire.schema_name}.crypto_vault_of_a_test "
        f"SELECT * FROM {northmoor.schema_name}.crypto_vault_of_a_test"
    )
    with enter(eastshire):
        with pytest.raises(KeyMissing):
            vault.objects.get().note.reveal()
        key = DataKey.objects.get(scope=str(northmoor.uuid))
        key.pk, key.scope = None, scope_id()
        key.save()
        with pytest.raises(SealBroken):
            vault.objects.get().note.reveal()


def test_each_council_has_a_key_of_its_own(
    row: Any, vault: Any, northmoor: Council, eastshire: Council
) -> None:
    with enter(eastshire):
        vault.objects.create(name="theirs", note=SECRET)
    opened = [keys.unwrap(each) for each in DataKey.objects.order_by("pk")]
    assert len(set(opened)) == 2
    assert {each.scope for each in DataKey.objects.all()} == {
        str(northmoor.uuid), str(eastshire.uuid)
    }  # fmt: skip
    assert not any(key in bytes(each.wrapped) for key in opened for each in DataKey.objects.all())


def test_a_row_copied_in_code_is_sealed_for_its_new_place(
    row: Any, vault: Any, northmoor: Council
) -> None:
    with enter(northmoor):
        note = row.note
        row.pk, row.uuid = None, uuid.uuid4()
        row.note = note
        row.save()
        assert [each.note.reveal() for each in vault.objects.all()] == [SECRET, SECRET]


def test_it_cannot_be_looked_up_or_set_in_bulk(row: Any, vault: Any, northmoor: Council) -> None:
    with enter(northmoor):
        with pytest.raises(TypeError, match="isnull"):
            vault.objects.filter(note=SECRET)
        with pytest.raises(TypeError, match="save") as caught, transaction.atomic():
            vault.objects.update(note=SECRET)
        assert SECRET not in str(caught.value)
        with pytest.raises(SealBroken), transaction.atomic():
            vault.objects.update(note=b"bytes that were never sealed, and are long enough")
        with pytest.raises(TypeError, match="Load the row"):
            vault.objects.values_list("note", flat=True).get().reveal()
        made = vault.objects.bulk_create([vault(name="many", note=SECRET) for _ in range(3)])
        assert vault.objects.get(pk=made[2].pk).note.reveal() == SECRET


def test_without_the_installations_key_nothing_opens(
    row: Any, northmoor: Council, settings: Settings
) -> None:
    settings.IMS_KEY_ENCRYPTION_KEYS = (envelope.new_key(),)
    with enter(northmoor), pytest.raises(KeyNotWrappedByOurs, match="IMS_KEY_ENCRYPTION_KEY"):
        row.note.reveal()


def test_a_closed_councils_secrets_are_gone_for_good(
    row: Any, vault: Any, northmoor: Council, eastshire: Council
) -> None:
    with enter(eastshire):
        vault.objects.create(name="theirs", note=SECRET)
    move(northmoor, "close")
    with enter(northmoor), pytest.raises(KeyMissing):
        row.note.reveal()
    with enter(eastshire):
        assert vault.objects.get().note.reveal() == SECRET


def test_a_model_without_a_fixed_row_identifier_is_refused() -> None:
    with isolate_apps("ims_kernel.crypto"):

        class Bare(models.Model):
            note = EncryptedTextField(row="id")

            class Meta:
                app_label = "crypto"

        assert [each.id for each in Bare.check()] == ["ims_kernel.E001"]


def test_a_text_without_a_column_of_its_own(northmoor: Council, eastshire: Council) -> None:
    with enter(northmoor):
        sealed = seal_text(SECRET, table="mfa", column="seed", row="7")
        assert SECRET not in sealed
        assert open_text(sealed, table="mfa", column="seed", row="7") == SECRET
        for place in ({"column": "other", "row": "7"}, {"column": "seed", "row": "8"}):
            with pytest.raises(SealBroken):
                open_text(sealed, table="mfa", **place)
        for text in ("", "plain", "ims1.", "ims1.@@", "ims1.AAAA"):
            with pytest.raises(SealBroken):
                open_text(text, table="mfa", column="seed", row="7")
    with enter(eastshire), pytest.raises(KeyMissing):
        open_text(sealed, table="mfa", column="seed", row="7")
    with public():
        assert open_text(seal_text("x", table="t", column="c"), table="t", column="c") == "x"
