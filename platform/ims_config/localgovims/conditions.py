"""The conditions of an old import rule, as lists of conditions that must all hold. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

# One condition of ours: (field, operator, value); an amount is in pounds, as the file has it.
Test = tuple[str, str, str]
_FIELDS: Mapping[str, str] = MappingProxyType(
    {"accountreference": "reference", "narrative": "narrative"}
)
_OPERATORS: Mapping[str, str] = MappingProxyType(
    {
        "contain": "contains", "contains": "contains",
        "startwith": "starts with", "startswith": "starts with",
        "endwith": "ends with", "endswith": "ends with",
        "equal": "is", "equals": "is",
    }
)  # fmt: skip
_AMOUNT = re.compile(r"(-?)(\d{1,9}\.\d{2})", re.ASCII)
_MOST = 20


class Old(NamedTuple):
    """A condition of an old rule: names of field and operator, and how it joins those before."""

    field: str
    operator: str
    value: str
    joined: str = ""


class NotExpressible(Exception):
    """A condition that our engine has no words for; the message says which and why."""


def alternatives(group: Iterable[Old]) -> list[list[Old]]:
    """A group as alternatives, each a list that must hold altogether.

    The old system worked a group out from left to right, without precedence: AND binds all that
    came before, OR adds to it, and nothing in the middle begins anew.
    """
    found: list[list[Old]] = []
    for each in group:
        joined = each.joined.upper()
        if joined == "AND" and found:
            found = [[*one, each] for one in found]
        elif joined == "OR" and found:
            found = [*found, [each]]
        else:
            found = [[each]]
    return found


def as_tests(conditions: Iterable[Old]) -> list[Test]:
    """Our conditions for those of one alternative. Raises NotExpressible."""
    found: list[Test] = []
    for each in conditions:
        found += [test for test in _tests(each) if test not in found]
    if len(found) > _MOST:
        raise NotExpressible(f"it has {len(found)} conditions. A rule may have {_MOST}.")
    return found


def _tests(old: Old) -> list[Test]:
    field, name = old.field.casefold(), old.operator.casefold().replace(" ", "")
    operator = _OPERATORS.get(name)
    said = f"{old.field} {old.operator} “{old.value[:40]}”"
    if operator is None:
        why = (
            "the old system stopped with an error there"
            if name in {"begreaterthan", "belessthan"}
            else "there is no such test"
        )
        raise NotExpressible(f"{said}: {why}.")
    if not old.value:
        raise NotExpressible(f"{said}: it has no value.")
    if field == "amount":
        return _amount(old, operator, said)
    if field not in _FIELDS:
        raise NotExpressible(f"{said}: a line of a bank file has no {old.field} to ask for.")
    return [(_FIELDS[field], operator, old.value)]


def _amount(old: Old, operator: str, said: str) -> list[Test]:
    """The old system compared amounts as text such as 25.00, with the sign."""
    written = _AMOUNT.fullmatch(old.value)
    if operator != "is":
        raise NotExpressible(f"{said}: an amount is a number here, not text.")
    if written is None:
        raise NotExpressible(f"{said}: an amount was never written so, so this never held.")
    direction = "debit" if written.group(1) else "credit"
    return [("direction", "is", direction), ("amount", "is", written.group(2))]
