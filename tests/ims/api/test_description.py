"""The description of the API that is kept with the project is the one the code gives."""

from __future__ import annotations

import json

from ims.api.schema import description
from tests.architecture.source import ROOT

KEPT = ROOT / "docs" / "reference" / "openapi.json"


def test_the_description_is_up_to_date() -> None:
    """A change here is a change for every caller: see that version 1 only grows."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert kept == json.loads(json.dumps(description())), (
        "The API changed. Write its description anew with `ims api describe docs/reference/"
        "openapi.json`, and look at what changed for the callers."
    )


def test_every_address_is_described_with_its_key() -> None:
    found = description()
    assert found["openapi"].startswith("3.")
    assert set(found["paths"]) == {
        "/api/v1/funds",
        "/api/v1/vat-codes",
        "/api/v1/methods",
        "/api/v1/accounts",
        "/api/v1/account-references/check",
        "/api/v1/account-loads",
        "/api/v1/account-loads/{load_id}",
    }
    operations = [each for path in found["paths"].values() for each in path.values()]
    assert all(each["security"] == [{"apiKey": []}] for each in operations)
    assert all(each["operationId"] and each["description"] for each in operations)
