"""Whether one holding lies inside what somebody holds themselves. Plain sets and numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ims_kernel.permissions import Actor, Holding


def lacking(giver: Actor, offered: Holding) -> list[str]:
    """The permissions of `offered` that the giver does not hold as widely, by name.

    One grant of the giver must cover all of it: the same scope or a wider one, the same limit or a
    higher one. The system lacks nothing.
    """
    if giver.is_system:
        return []
    held = giver.holdings or (Holding(giver.permissions),)
    return sorted(
        name
        for name in offered.permissions
        if not any(name in own.permissions and _is_inside(offered, own) for own in held)
    )


def _is_inside(offered: Holding, own: Holding) -> bool:
    if own.limit_pence is not None and (
        offered.limit_pence is None or offered.limit_pence > own.limit_pence
    ):
        return False
    return _narrower(offered.scope, own.scope)


def _narrower(offered: Mapping[str, Collection[str]], own: Mapping[str, Collection[str]]) -> bool:
    return all(name in offered and set(offered[name]) <= set(codes) for name, codes in own.items())
