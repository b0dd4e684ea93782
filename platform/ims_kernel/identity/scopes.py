"""What a grant can be limited to. Apps register dimensions, for the kernel knows no fund.

A dimension is what a manager chooses from, such as fund groups. It stands for a fact a service
says of an act, such as the code of a fund: several fund groups are the codes of their funds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

Scope = Mapping[str, Sequence[str]]
Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way of limiting a grant.

    `choices()` gives (code, words) of everything to choose from now; `expand(codes)` the values of
    `fact` the codes stand for now. Each is asked inside a council, at one query.
    """

    name: str
    label: str
    everywhere: str
    fact: str
    choices: Callable[[], Sequence[Choice]]
    expand: Callable[[Collection[str]], Mapping[str, frozenset[str]]]


_dimensions: dict[str, Dimension] = {}


def register(dimension: Dimension) -> None:
    """Add a dimension. Called from an app's apps.py."""
    _dimensions[dimension.name] = dimension


def dimensions() -> list[Dimension]:
    """Every dimension, in the order of registering."""
    return list(_dimensions.values())


def resolve(scopes: Sequence[Scope]) -> list[Mapping[str, frozenset[str]]]:
    """The facts each scope stands for, at one query a dimension however many scopes there are.

    A dimension nobody registers any more covers nothing: access is never widened by leaving
    something out.
    """
    used: dict[str, set[str]] = {}
    for scope in scopes:
        for name, codes in scope.items():
            used.setdefault(name, set()).update(codes)
    known = {
        name: _dimensions[name].expand(codes) if name in _dimensions else {}
        for name, codes in used.items()
    }
    return [_facts(scope, known) for scope in scopes]


def _facts(
    scope: Scope, known: Mapping[str, Mapping[str, frozenset[str]]]
) -> Mapping[str, frozenset[str]]:
    facts: dict[str, frozenset[str]] = {}
    for name, codes in scope.items():
        fact = _dimensions[name].fact if name in _dimensions else name
        values = frozenset[str]().union(*(known[name].get(code, frozenset()) for code in codes))
        # Two dimensions of one fact must both hold.
        facts[fact] = facts[fact] & values if fact in facts else values
    return facts


def in_words(scope: Scope, names: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """`Fund groups: Council Tax, Business Rates`, or `Everywhere`.

    `names` are the words of the codes by dimension, from `all_choices`; without, codes are shown.
    """
    if not scope:
        return "Everywhere"
    parts = []
    for name, codes in scope.items():
        label = _dimensions[name].label if name in _dimensions else name
        words = (names or {}).get(name, {})
        parts.append(f"{label}: {', '.join(words.get(code, code) for code in codes)}")
    return "; ".join(parts)


def all_choices() -> dict[str, dict[str, str]]:
    """The choices of every dimension as code -> words. One query a dimension."""
    return {each.name: dict(each.choices()) for each in dimensions()}
