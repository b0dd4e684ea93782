"""The words for acts: what `suspense.allocate` is called on pages and in files. No Django."""

from __future__ import annotations

from collections.abc import Mapping

# How the name of an act ends that only looked at something.
LOOK = ".read"

_registered: dict[str, str] = {}


def register(words: Mapping[str, str]) -> None:
    """Add acts, each with a plain phrase in the past tense. Called from an app's apps.py."""
    _registered.update(words)


def registered() -> Mapping[str, str]:
    """Every act with its phrase."""
    return dict(_registered)


def words(act: str) -> str:
    """The phrase for an act; of one that no app knows any more, the act itself."""
    return _registered.get(act, act)


def group(act: str) -> str:
    """The heading an act stands under: its app, such as `Suspense`."""
    return act.split(".", 1)[0].replace("_", " ").capitalize()


def grouped() -> Mapping[str, Mapping[str, str]]:
    """Every act with its phrase under its heading, both in the order of the alphabet."""
    found: dict[str, dict[str, str]] = {}
    for act, phrase in sorted(_registered.items(), key=lambda each: (group(each[0]), each[1])):
        found.setdefault(group(act), {})[act] = phrase
    return found
