"""Between a record's plain values and the columns they are kept in."""

from __future__ import annotations

from dataclasses import replace

from ims.funds.models import MethodOfPayment, VatCode
from ims_kernel.identity.permissions import Actor
from ims_kernel.records import selectors, services
from ims_kernel.records.fields import Flag, Rows, Secret, Text
from ims_kernel.records.kinds import ONLY
from ims_kernel.records.storing import read_values, set_columns
from ims_tenants.current import enter
from ims_tenants.models import Council
from tests.ims_kernel.records.conftest import METHODS, NEW, asked

WITH_SECRET = replace(
    METHODS,
    fields=(*METHODS.fields[:3], Secret(name="control_code", label="Key")),
    check=lambda _after, _before: None,
)


def test_a_secret_left_empty_stays_and_is_never_read(council: Council, actor: Actor) -> None:
    services.save(WITH_SECRET, None, {**NEW, "control_code": "k-1"}, asked=asked(actor))
    saved = services.save(WITH_SECRET, "PH", {"name": "Call", "control_code": ""},
                          asked=asked(actor))  # fmt: skip
    assert saved.changed
    method = MethodOfPayment.objects.get(code="PH")
    assert (method.name, method.control_code) == ("Call", "k-1")
    assert selectors.get(WITH_SECRET, "PH").values["control_code"] == ""
    services.save(WITH_SECRET, "PH", {"control_code": "k-2"}, asked=asked(actor))
    assert MethodOfPayment.objects.get(code="PH").control_code == "k-2"


def test_rows_of_a_table_of_their_own_are_not_a_column(council: Council) -> None:
    kind = replace(
        METHODS,
        model=VatCode,
        fields=(Text(name="code", label="Code"), Rows(name="rates", label="Rates")),
    )
    code = VatCode.objects.get(code="S")
    rates = code.rates.count()
    assert rates > 0
    assert set_columns(kind, code, {"code": "S9", "rates": []}) == {}
    assert (code.code, code.rates.count()) == ("S9", rates)


def test_a_flag_never_set_is_no() -> None:
    kind = replace(METHODS, fields=(Flag(name="is_active", label="In use"),))
    unset = MethodOfPayment()
    setattr(unset, "is_active", None)  # noqa: B010 - a column that may not be empty, to mypy
    assert read_values(kind, unset) == {"is_active": False}


def test_records_are_found_by_key_or_title(northmoor: Council, eastshire: Council) -> None:
    with enter(eastshire):
        MethodOfPayment.objects.create(code="PHX", name="Telephone", purpose="card")
    with enter(northmoor):
        MethodOfPayment.objects.create(code="PH", name="Telephone", purpose="card")
        MethodOfPayment.objects.create(code="TELE", name="Old", purpose="card", is_active=False)
        for text, state, codes in (
            (" phon ", selectors.IN_USE, ["PH"]),
            ("tele", selectors.IN_USE, ["PH"]),
            ("tele", selectors.ALL, ["PH", "TELE"]),
            ("tele", selectors.RETIRED, ["TELE"]),
            ("none of them", selectors.ALL, []),
        ):
            assert [each.code for each in selectors.find(METHODS, text, state)] == codes
        # A kind whose records have no title is looked through by its key alone.
        untitled = replace(METHODS, fields=METHODS.fields[:1])
        assert [m.code for m in selectors.find(untitled, "tele", selectors.ALL)] == ["TELE"]


def test_settings_there_are_one_of_are_one_in_use(council: Council) -> None:
    single = replace(METHODS, single=True)
    assert selectors.counts(single) == (1, 0)
    assert selectors.where_used(selectors.record_of(single, MethodOfPayment())) == []
    assert selectors.record_of(single, MethodOfPayment()).key == ONLY
