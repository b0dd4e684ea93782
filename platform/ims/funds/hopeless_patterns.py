"""Patterns that can be read but could never match, told apart when a council writes them.

RE2 itself knows that a set such as `[^\\s\\S]` has no character. What it does not say is that a
place can never come: the start of a text after something, its end before something. The syntax is
https://github.com/google/re2/wiki/Syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

import re2

from ims.funds.account_references import compile_pattern
from ims.funds.errors import PatternUnusable


class Part(Enum):
    """What a piece of a pattern is."""

    ATOM = auto()  # takes at least one character
    START = auto()
    END = auto()
    EDGE = auto()  # of a word
    OPEN = auto()
    CLOSE = auto()
    BAR = auto()
    REPEAT = auto()
    FLAGS = auto()


# In this order: the first that fits at a place is the piece. DOTALL, because a pattern may hold a
# line end.
_PIECES = re.compile(
    r"""
      (?P<QUOTED>\\Q.*?(?:\\E|\Z))
    | (?P<START>\^|\\A)
    | (?P<END>\$|\\z)
    | (?P<EDGE>\\[bB])
    | (?P<ATOM>\\p\{[^}]*\} | \\P\{[^}]*\} | \\[pP]. | \\x\{[^}]*\} | \\x.. | \\.
              | \[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\])
    | (?P<FLAGS>\(\?[a-zA-Z-]+\))
    | (?P<OPEN>\((?:\?(?:P?<\w+>|[a-zA-Z-]*:))?)
    | (?P<CLOSE>\))
    | (?P<BAR>\|)
    | (?P<REPEAT>[*+?]|\{\d+(?:,\d*)?\})
    | (?P<OTHER>.)
    """,
    re.VERBOSE | re.DOTALL,
)


def refuse_hopeless_account(pattern: str) -> None:
    """Raise PatternUnusable, in words, for a fund's pattern that is unreadable or cannot match.

    The whole reference is always compared, so `^`, `$` and `\\b` say nothing, or make it hopeless.
    """
    compile_pattern(pattern)
    _refuse_empty(pattern)
    for part, text in _pieces(pattern):
        if part in {Part.START, Part.END, Part.EDGE}:
            raise PatternUnusable(
                f"Leave “{text}” out of the pattern “{pattern}”: the whole reference is always "
                "compared."
            )


def refuse_hopeless_search(pattern: str) -> None:
    """Raise PatternUnusable, in words, for a pattern looked for in texts that never can be there.

    The caller has compiled it. A pattern with an unlikely branch is refused too: that branch does
    nothing.
    """
    _refuse_empty(pattern)
    state = _State()
    for part, text in _pieces(pattern):
        if part is Part.FLAGS and "m" in text:
            return  # every line has a start and an end
        if not _possible(part, state):
            place = "the start" if part is Part.START else "the end"
            side = "before" if part is Part.START else "after"
            mark = text if part is Part.START else "$"
            raise PatternUnusable(
                f"The pattern “{pattern}” can never match: “{mark}” means {place} of the text, "
                f"and something comes {side} it."
            )


def _refuse_empty(pattern: str) -> None:
    options = re2.Options()
    options.log_errors = False
    compiled = re2.compile(pattern, options)
    if compiled.programsize <= 1 and compiled.fullmatch("") is None:
        raise PatternUnusable(
            f"The pattern “{pattern}” can never match: it has a set without any character."
        )


def _pieces(pattern: str) -> Iterator[tuple[Part, str]]:
    for found in _PIECES.finditer(pattern):
        name, text = str(found.lastgroup), found.group()
        if name == "QUOTED":
            if text.removeprefix("\\Q").removesuffix("\\E"):
                yield Part.ATOM, text
        else:
            yield Part[name] if name in Part.__members__ else Part.ATOM, text


@dataclass(slots=True)
class _Branch:
    """What came before in an alternative, and in the ones beside it."""

    begun: bool
    ended: bool
    any_begun: bool = False
    any_ended: bool = False


class _State:
    """Whether something was taken already, and whether the end was passed, group by group."""

    def __init__(self) -> None:
        self.begun = self.ended = False
        self.groups: list[_Branch] = [_Branch(begun=False, ended=False)]

    def open(self) -> None:
        self.groups.append(_Branch(self.begun, self.ended))

    def bar(self) -> None:
        group = self.groups[-1]
        group.any_begun |= self.begun
        group.any_ended |= self.ended
        self.begun, self.ended = group.begun, group.ended

    def close(self) -> None:
        group = self.groups.pop()
        self.begun |= group.any_begun
        self.ended |= group.any_ended


def _possible(part: Part, state: _State) -> bool:
    """Move on by one piece; False when its place can never come."""
    if part is Part.START:
        return not state.begun
    if part is Part.ATOM:
        state.begun = True
        return not state.ended
    if part is Part.END:
        state.ended = True
    elif part is Part.OPEN:
        state.open()
    elif part is Part.BAR:
        state.bar()
    elif part is Part.CLOSE:
        state.close()
    return True
