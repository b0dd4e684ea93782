"""Reading typed values out of a layout's plain dict, and saying what is wrong where."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import TypeVar

# No ledger takes a wider value; a larger number is a slip.
WIDEST = 1_000
Choice = TypeVar("Choice", bound=StrEnum)


class Part:
    """One table of a definition. Reading never stops: each problem is noted and a default used."""

    def __init__(self, data: object, where: str, problems: list[str]) -> None:
        self.where = where
        self._problems = problems
        self._data: Mapping[str, object] = {}
        self._read: set[str] = set()
        if isinstance(data, Mapping):
            self._data = data
        else:
            self.problem("is not a table of names and values.")

    def problem(self, text: str) -> None:
        """Note one problem, with the place in front."""
        self._problems.append(f"{self.where} {text}")

    def has(self, key: str) -> bool:
        return key in self._data

    def text(self, key: str, default: str = "") -> str:
        value = self._get(key, default)
        if isinstance(value, str):
            return value
        self.problem(f"has “{key}” that is not text.")
        return default

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._get(key, default)
        if isinstance(value, bool):
            return value
        self.problem(f"has “{key}” that is not true or false.")
        return default

    def width(self, key: str) -> int | None:
        value = self._get(key, None)
        if value is None:
            return None
        if type(value) is int and 1 <= value <= WIDEST:
            return value
        self.problem(f"has “{key}” that is not a whole number from 1 to {WIDEST}.")
        return None

    def one_of(self, key: str, options: Collection[str], default: str) -> str:
        value = self._get(key, default)
        if isinstance(value, str) and value in options:
            return value
        self.problem(f"has “{key}” “{value}”. Use one of: {', '.join(options)}.")
        return default

    def choice(self, key: str, kind: type[Choice], default: Choice) -> Choice:
        return kind(self.one_of(key, [member.value for member in kind], default.value))

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._get(key, [])
        if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.problem(f"has “{key}” that is not a list of names.")
        return ()

    def parts(self, key: str, singular: str) -> list[Part]:
        """The tables in the list `key`, each named by its heading or its place in the list."""
        value = self._get(key, [])
        if not isinstance(value, (list, tuple)):
            self.problem(f"has “{key}” that is not a list.")
            return []
        return [
            Part(item, f"{singular} {_name(item, place)}", self._problems)
            for place, item in enumerate(value, start=1)
        ]

    def part(self, key: str, where: str) -> Part:
        return Part(self._get(key, {}), where, self._problems)

    def items(self) -> list[tuple[str, object]]:
        """Every name and value, for a table whose names are free."""
        self._read.update(self._data)
        return list(self._data.items())

    def close(self) -> None:
        """Note each name nobody asked for: a spelling mistake must not be ignored."""
        for key in sorted(set(self._data) - self._read):
            self.problem(f"has “{key}”, which is not a setting here.")

    def _get(self, key: str, default: object) -> object:
        self._read.add(key)
        return self._data.get(key, default)


def _name(item: object, place: int) -> str:
    heading = item.get("heading") if isinstance(item, Mapping) else None
    return f"“{heading}”" if isinstance(heading, str) and heading else f"number {place}"
