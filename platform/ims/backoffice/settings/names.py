"""What the codes in settings stand for: `S` is “S Standard rate”."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ims_kernel.records.fields import Field, Link, Links, Rows, Values
from ims_kernel.records.selectors import options


class Names:
    """The records that the links of some fields may name, asked for once for each kind.

    `records` are the values at hand: a retired record that one of them names keeps its name.
    """

    def __init__(self, fields: Sequence[Field], records: Iterable[Values]) -> None:
        self._kept: dict[str, set[str]] = defaultdict(set)
        self._found: dict[str, dict[str, str]] = {}
        for values in records:
            self._keep(fields, values)

    def _keep(self, fields: Sequence[Field], values: Values) -> None:
        for each in fields:
            value = values.get(each.name)
            if isinstance(each, Link) and value:
                self._kept[each.to].add(value)
            elif isinstance(each, Links):
                self._kept[each.to].update(value or [])
            elif isinstance(each, Rows):
                for row in value or []:
                    self._keep(each.fields, row)

    def options(self, slug: str) -> list[tuple[str, str]]:
        """(key, words) of every record of a kind that may be chosen here."""
        return list(self._all(slug).items())

    def of(self, slug: str, key: str) -> str:
        """The words for one key; the key itself when nothing has it."""
        return self._all(slug).get(key, key)

    def _all(self, slug: str) -> dict[str, str]:
        if slug not in self._found:
            self._found[slug] = dict(options(slug, kept=tuple(sorted(self._kept[slug]))))
        return self._found[slug]
