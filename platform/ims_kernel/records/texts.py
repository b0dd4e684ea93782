"""Checks on every text of every setting, such as a secret pasted into a field that is shown."""

from __future__ import annotations

from collections.abc import Callable

from ims_kernel.records.errors import FieldRefused
from ims_kernel.records.fields import Field, Rows, Text, Values
from ims_kernel.records.kinds import Kind

Check = Callable[[str], str]

_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Add a check: it answers why a text must not be kept, or empty text. From an app's apps.py.

    The answer must not repeat the text.
    """
    _checks[name] = check


def check(kind: Kind, values: Values) -> None:
    """Refuse what no setting may hold.

    Raises FieldRefused with the fact `withheld`: the text is in no message, and must not be shown
    again in the form it came from.
    """
    for each in kind.fields:
        if isinstance(each, Text):
            _check_text(each, values[each.name], {})
        elif isinstance(each, Rows):
            for number, row in enumerate(values[each.name], start=1):
                for inner in each.fields:
                    if isinstance(inner, Text):
                        facts = {"row": number, "column": inner.name}
                        _check_text(inner, row[inner.name], facts, name=each.name)


def _check_text(each: Field, text: str, facts: dict[str, object], name: str = "") -> None:
    for answer in _checks.values():
        if words := answer(text):
            raise FieldRefused(
                f"{each.label}: {words}", field=name or each.name, withheld=True, **facts
            )
