"""`{{ amount }}` in a council's own words: checked when written, filled in when sent. No Django.

Nothing but names in double braces has a meaning: no conditions, no loops, no expressions, so text a
person writes can never run. A value that is put in is never looked at again for braces.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from ims_kernel.errors import ImsError

_NAME = re.compile(r"\{\{ *([a-z_]{1,40}) *\}\}", re.ASCII)
_STRAY = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")


class PlaceholderUnknown(ImsError):
    """A text names a value that this message does not have, or leaves out one it needs."""

    code = "council.placeholder_unknown"


def used(text: str) -> list[str]:
    """The names in a text, in their order."""
    return _NAME.findall(text)


def check(text: str, *, known: Collection[str], needed: Collection[str] = ()) -> None:
    """Raise PlaceholderUnknown, saying which name and which there are."""
    there = ", ".join(f"{{{{ {name} }}}}" for name in known)
    for name in used(text):
        if name not in known:
            raise PlaceholderUnknown(
                f"“{{{{ {name} }}}}” is not known in this message. You can use: {there}."
            )
    if stray := _STRAY.search(_NAME.sub("", text)):
        line = text.count("\n", 0, text.find(stray.group())) + 1
        raise PlaceholderUnknown(
            f"Line {line} has “{stray.group()}” that belongs to no placeholder. Write them like "
            f"{{{{ {next(iter(known), 'name')} }}}}: two braces, a name, two braces."
        )
    for name in needed:
        if name not in used(text):
            raise PlaceholderUnknown(
                f"The message must hold “{{{{ {name} }}}}”, or whoever gets it cannot use it."
            )


def fill(text: str, values: Mapping[str, str], *, one_line: bool = False) -> str:
    """The text with its values in one pass; a name without a value becomes nothing.

    `one_line` is for subjects: whatever would start a new line in a header becomes a space.
    """
    filled = _NAME.sub(lambda found: str(values.get(found.group(1), "")), text)
    return " ".join(filled.split()) if one_line else filled
