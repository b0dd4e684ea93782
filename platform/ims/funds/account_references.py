"""Finding and checking a fund's account references by the council's own pattern.

Patterns are RE2, which takes time in proportion to the text whatever the pattern says, so a
council cannot stop its own imports with an unlucky expression.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import re2

from ims.funds.errors import PatternUnusable

MAX_PATTERN = 200


@dataclass(frozen=True, slots=True)
class AccountPattern:
    """A fund's pattern, compiled. An empty pattern accepts any reference and finds none."""

    text: str
    _search: Any = field(repr=False, compare=False)
    _whole: Any = field(repr=False, compare=False)

    def accepts(self, reference: str) -> bool:
        """Whether the whole reference has the fund's form."""
        return not self.text or self._whole.fullmatch(reference.encode()) is not None

    def find(self, *texts: str) -> str | None:
        """The one reference in the texts, or None when there is none or more than one.

        Two different references in one line are a question for a person, not a choice to make.
        """
        if not self.text:
            return None
        found: set[bytes] = {
            match.group()
            for text in texts
            if text
            for match in self._search.finditer(text.encode())
        }
        return found.pop().decode() if len(found) == 1 else None


def compile_pattern(text: str) -> AccountPattern:
    """Compile a council's pattern. Raises PatternUnusable with the reason in words."""
    if not text:
        return AccountPattern("", None, None)
    if len(text) > MAX_PATTERN:
        raise PatternUnusable(f"The pattern has {len(text)} characters. It may have {MAX_PATTERN}.")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        # Bytes: on text, the binding counts characters before and after every match, which costs
        # more than the match.
        whole = re2.compile(text.encode(), options)
        # \b keeps 770012345 from being found inside 17700123456.
        search = re2.compile(rf"\b(?:{text})\b".encode(), options)
    except re2.error as error:
        reason = error.args[0].decode(errors="replace")
        raise PatternUnusable(f"The pattern “{text}” cannot be read: {reason}.") from None
    if whole.fullmatch(b"") is not None:
        raise PatternUnusable(f"The pattern “{text}” also matches nothing at all.")
    return AccountPattern(text, search, whole)
