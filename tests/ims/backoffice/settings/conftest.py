"""The console over kinds of the tests' own."""

from __future__ import annotations

import pytest
from django.test import Client

from ims.imports.models import ImportRule
from ims_kernel.records import kinds, texts, uses
from ims_tenants.models import Council
from tests.conftest import ClientFor
from tests.ims.backoffice.settings.own_kinds import ALL


@pytest.fixture
def own_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """These four kinds and no other."""
    monkeypatch.setattr(kinds, "_kinds", {kind.slug: kind for kind in ALL})
    monkeypatch.setattr(uses, "_counters", {})
    monkeypatch.setattr(texts, "_checks", {})
    monkeypatch.setattr(ImportRule, "holds_unseen", holds_unseen, raising=False)


def holds_unseen(rule: ImportRule, name: str) -> bool:
    return bool(rule.action.get(name))


@pytest.fixture
def client(own_kinds: None, council: Council, client_for: ClientFor) -> Client:
    """Somebody at Northmoor who may do everything."""
    return client_for(council)
