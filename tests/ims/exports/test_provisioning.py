from __future__ import annotations

import pytest

from ims.exports.errors import LayoutNotFound
from ims.exports.layout_reading import read_layout
from ims.exports.models import ExportLayout
from ims.exports.provisioning import provision
from ims_tenants.models import Council


def codes() -> list[str]:
    return list(ExportLayout.objects.order_by("code").values_list("code", flat=True))


def test_a_council_starts_with_every_shipped_layout(council: Council) -> None:
    assert codes() == ["fixed-ledger", "general-journal"]
    for stored in ExportLayout.objects.all():
        assert read_layout(stored.definition).name == stored.name


def test_a_starter_pack_may_choose_and_again_changes_nothing(council: Council) -> None:
    ExportLayout.objects.all().delete()
    for _ in range(2):
        provision({"exports": {"layouts": ["fixed-ledger"]}})
        assert codes() == ["fixed-ledger"]


def test_a_layout_that_is_not_shipped_is_refused(council: Council) -> None:
    with pytest.raises(LayoutNotFound, match=r"“sap”\. Use one of: fixed-ledger, general-journal"):
        provision({"exports": {"layouts": ["sap"]}})
