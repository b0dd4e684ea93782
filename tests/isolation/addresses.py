"""Every address of a council, filled in with what exists here, only there, or nowhere.

A new page is crawled without a change here, unless its address has a parameter of a new kind:
then the crawl fails and asks for a line in `ELSEWHERE` below, or in `fill` of canary.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver

from ims.council.messages import MESSAGES
from ims_config import urls_council
from ims_kernel.records.kinds import all_kinds
from tests.isolation.canary import Filled

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")

# Values of parameters that belong to no council: the same for everybody.
ELSEWHERE = {
    "accent": ["1d4f91"],
    # Each council's own: tests/ims/backoffice/people, and configuration.
    "token": ["no-such~link"],
    "message": list(MESSAGES),
    # Each council's own is in tests/ims/backoffice/look.
    "mark": ["0123456789abcdef"],
    # Kinds of setting are the product's. None is registered before its app says so.
    "slug": [kind.slug for kind in all_kinds()],
}


@dataclass(frozen=True, slots=True)
class Address:
    """One address to ask for. `is_foreign` says that a value in it exists only in the other."""

    pattern: str
    path: str
    is_foreign: bool


def patterns(
    found: list[URLPattern | URLResolver] | None = None, prefix: str = "/"
) -> Iterator[str]:
    """Every pattern of a council's addresses, such as `/imports/<int:import_id>`."""
    for each in urls_council.urlpatterns if found is None else found:
        here = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, here)
        else:
            yield here


def addresses(ours: Filled, theirs: Filled) -> list[Address]:
    """Every address with values of ours, of both and of theirs only."""
    return [address for pattern in patterns() for address in _filled_in(pattern, ours, theirs)]


def _filled_in(pattern: str, ours: Filled, theirs: Filled) -> Iterator[Address]:
    names = _PARAMETER.findall(pattern)
    if not names:
        yield Address(pattern, pattern, is_foreign=False)
        return
    # Several parameters name one thing together: `slug/key` is a record and its kind.
    name = "/".join(names)
    if name in ELSEWHERE:
        for value in ELSEWHERE[name]:
            yield Address(pattern, _PARAMETER.sub(value, pattern), is_foreign=False)
        return
    if name not in theirs.values:
        raise AssertionError(
            f"The crawl has no value for <{name}> in {pattern}. Make some of it in fill() of "
            f"tests/isolation/canary.py and name its ids `{name}` there; or, if it is "
            "no council's, add it to ELSEWHERE in tests/isolation/addresses.py."
        )
    own = set(ours.values[name])
    both = [value for value in theirs.values[name] if value in own]
    only_theirs = [value for value in theirs.values[name] if value not in own]
    assert both, f"No <{name}> exists in both councils: the crawl would prove nothing."
    assert only_theirs, f"No <{name}> exists in the other council only."
    for value in (both[0], both[-1], only_theirs[0], only_theirs[-1]):
        path = pattern
        for part in value.split("/", len(names) - 1):
            path = _PARAMETER.sub(part, path, count=1)
        yield Address(pattern, path, is_foreign=value not in own)
