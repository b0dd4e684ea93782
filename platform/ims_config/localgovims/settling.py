"""What the settings themselves take of the candidates: values that clean, and links that lead."""

from __future__ import annotations

from ims_config.localgovims.report import Report
from ims_config.localgovims.work import Candidate
from ims_kernel.configuration.writing import file_kinds
from ims_kernel.records.errors import FieldRefused
from ims_kernel.records.fields import Field, Link, Links, Plain, Values, lower_first
from ims_kernel.records.kinds import Kind

Settled = dict[str, dict[str, Values]]
# A fund cannot be without a VAT code, so one that is needed is put back into use.
_RESTORED = "vat-codes"


def settle(candidates: list[Candidate], report: Report) -> dict[str, list[Values]]:
    """The records by kind, each of which applying will take. The rest is told in the report."""
    settled: Settled = {}
    for kind in file_kinds():
        records: dict[str, Values] = {}
        for each in candidates:
            if each.slug != kind.slug:
                continue
            values = _usable(kind, each, settled, report)
            if values is None:
                continue
            key = values[kind.key]
            if key in records:
                report.leave(each.table, each.key, f"{key} is there already. The first is taken.")
                continue
            records[key] = values if each.is_active else {**values, "is_active": False}
            report.carried[each.table].add(each.key)
        settled[kind.slug] = records
    return {slug: list(records.values()) for slug, records in settled.items() if records}


def _usable(kind: Kind, given: Candidate, settled: Settled, report: Report) -> Values | None:
    values: Values = {}
    for each in kind.fields:
        if each.name not in given.values:
            continue
        try:
            value = each.clean(given.values[each.name])
            if isinstance(each, (Link, Links)):
                value = _led(each, value, settled, given, report)
        except FieldRefused as error:
            if not each.optional:
                report.leave(given.table, given.key, f"the whole row. {error.message}")
                return None
            report.leave(given.table, given.key, f"{lower_first(each.label)}. {error.message}")
            continue
        # What a record begins with anyway need not stand in the file.
        if value is not None and (value != each.start or not each.optional):
            values[each.name] = value
    return values


def _led(
    each: Link | Links, value: Plain, settled: Settled, given: Candidate, report: Report
) -> Plain:
    """A link to records that are in the file. Raises FieldRefused for one that is not."""
    there = settled.get(each.to, {})
    if isinstance(each, Links):
        for key in value:
            if key not in there:
                report.leave(
                    given.table, given.key, f"{lower_first(each.label)}: {key} is not in the file."
                )
        return [key for key in value if key in there]
    key = str(value)
    if key and key not in there:
        raise _refused(each, f"{key[:40]} is not in the file.")
    if key and each.keeps and there[key].get("is_active") is False:
        if each.to != _RESTORED:
            raise _refused(each, f"{key} is disabled.")
        del there[key]["is_active"]
        report.change("Vat", key, "it was disabled, but a fund needs it. It is in use again.")
    return value


def _refused(each: Field, words: str) -> FieldRefused:
    return each.refused(f"{each.label}: {words}")
