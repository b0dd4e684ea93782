"""The key-value tables: what a key says of a fund, a method, a VAT code or a message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ims_config.localgovims.work import Work

LEDGER_CODES = ("GeneralLedgerCode", "LedgerCode", "GLCode")
_YES, _NO = frozenset({"1", "y", "yes"}), frozenset({"0", "n", "no", ""})
# MetadataKey.EntityType of the rows of each table, and the column that names their parent.
_OWNERS: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "MopMetadata": (1, "MopCode"),
        "FundMetadata": (2, "FundCode"),
        "FundMessageMetadata": (3, "FundMessageId"),
        "VatMetadata": (4, "VatCode"),
    }
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The values of one table by parent and key, in capitals and small letters alike."""

    table: str
    work: Work
    values: dict[str, dict[str, str]] = field(default_factory=dict)

    def text(self, parent: str, *names: str) -> str:
        """The first of the keys that has a value; empty when none has."""
        held = self.values.get(parent, {})
        return next((found for name in names if (found := held.get(name.casefold()))), "")

    def flag(self, parent: str, name: str) -> bool:
        """Whether a key says yes. The old system read TRUE alone; other spellings are told."""
        text = self.text(parent, name).casefold()
        if text in {"true", "false"} or name.casefold() not in self.values.get(parent, {}):
            return text == "true"
        is_yes = text in _YES
        read = "yes" if is_yes else "no"
        doubt = "" if is_yes or text in _NO else ", because nobody can tell what it means"
        self.work.report.change(
            self.table,
            parent,
            f"{name} is “{text[:20]}”, which the old system could not read. It is taken for "
            f"{read}{doubt}.",
        )
        return is_yes


def read_metadata(work: Work, table: str, known: Collection[str]) -> Metadata:
    """The metadata of a table. Keys that no setting stands for are told, once for each key."""
    entity, parent_column = _OWNERS[table]
    names = {row.text("Id"): row for row in work.dump.rows("MetadataKey")}
    found = Metadata(table, work)
    folded = {name.casefold() for name in known}
    unknown: Counter[str] = Counter()
    for row in work.dump.rows(table):
        parent = row.code(parent_column)
        key = names.get(row.text("MetadataKeyId"))
        if key is None or key.whole("EntityType") != entity:
            work.report.leave(
                table, parent,
                f"key {row.text('MetadataKeyId')} is not a key of this table in MetadataKey.csv.",
            )  # fmt: skip
            continue
        name = key.text("Name")
        held = found.values.setdefault(parent, {})
        if name.casefold() in held:
            work.report.leave(table, parent, f"{name} is there twice. The first is taken.")
        elif name.casefold() in folded:
            held[name.casefold()] = row.words("Value")
        else:
            unknown[name] += 1
    for name, count in sorted(unknown.items()):
        work.report.leave(
            table, name,
            f"no setting stands for this key. It has {count:,} "
            f"value{'' if count == 1 else 's'}.",
        )  # fmt: skip
    return found
