"""Proves a chain of sealed blocks, and names the first bad row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ims_kernel.errors import Conflict
from ims_kernel.sealing import anchors
from ims_kernel.sealing.anchors import Head
from ims_kernel.sealing.blocks import SealedBlock
from ims_kernel.sealing.chain import (
    NO_BLOCK,
    SHORT,
    Chain,
    Digested,
    block_hash,
    block_of,
    digest_rows,
)

Name = Callable[[int], str]


class ChainBroken(Conflict):
    """The chain itself does not hold, so its end cannot be taken as it is."""

    code = "sealing.chain_broken"


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing checked. `problem` is empty when it holds, else names the first bad row."""

    what: str
    checked: int
    problem: str = ""


def prove(chain: Chain, what: str, *, name: Name) -> Proof:
    """Every block from the first, then that the last one is the one that was sealed last.

    `name` says what a row is called in the answer.
    """
    checked, last, problem = _walk(chain, name)
    return Proof(what, checked, problem or _problem_at_the_end(chain, last))


def restart_anchor(chain: Chain, *, name: Name, at: datetime) -> Head:
    """Take the chain as it now ends, as after restoring an older copy. Raises ChainBroken."""
    _, last, problem = _walk(chain, name)
    if problem:
        raise ChainBroken(f"The chain is not whole, so its end was not taken as it is. {problem}")
    anchors.store().restart(chain.name, last, at=at)
    return last


def problem_with(chain: Chain, row_id: int, *, name: Name) -> str | None:
    """What is wrong with the block that holds a row; empty when it is as it was sealed.

    None when no block holds the row yet. It reads one block and looks at no other.
    """
    found = block_of(chain, row_id)
    if found is None:
        return None
    before = block_of_number(chain, found.number - 1)
    head = Head(before.number, bytes(before.hash)) if before else NO_BLOCK
    after_id = before.last_entry_id if before else 0
    digested = digest_rows(chain, after_id, found.last_entry_id, limit=len(found.entry_ids) + 1)
    return _problem_in(found, digested, head, name)


def block_of_number(chain: Chain, number: int) -> SealedBlock | None:
    """The block with this number, or None."""
    manager = chain.blocks._default_manager  # noqa: SLF001 - of whichever model the chain has
    return manager.filter(number=number).first()


def _walk(chain: Chain, name: Name) -> tuple[int, Head, str]:
    """How many rows were checked, the last good block, and what is wrong after it."""
    head, after_id, checked = NO_BLOCK, 0, 0
    blocks = chain.blocks._default_manager.order_by("number")  # noqa: SLF001 - whichever model
    for block in blocks.iterator(chunk_size=20):
        found = digest_rows(chain, after_id, block.last_entry_id, limit=len(block.entry_ids) + 1)
        checked += len(found.ids)
        problem = _problem_in(block, found, head, name)
        if problem:
            return checked, head, problem
        head, after_id = Head(block.number, bytes(block.hash)), block.last_entry_id
    return checked, head, ""


def _problem_at_the_end(chain: Chain, last: Head) -> str:
    anchor = anchors.store().find(chain.name)
    if anchor is None:
        return "" if last == NO_BLOCK else "The note of the newest block, kept apart, is gone."
    if anchor.number > last.number:
        ends = f"ends with block {last.number}" if last.number else "is empty"
        return (
            f"The newest blocks are gone: block {anchor.number} was sealed, and the chain {ends}."
        )
    if anchor.number < last.number:
        return f"Block {anchor.number + 1} was not sealed by the service."
    if anchor.hash != last.hash:
        return f"Block {last.number} is not the one that was sealed: the chain was made again."
    return ""


def _problem_in(block: SealedBlock, found: Digested, before: Head, name: Name) -> str:
    number = before.number + 1
    if block.number != number:
        return f"Block {number} is missing."
    if bytes(block.previous_hash) != before.hash:
        return f"Block {number} does not follow block {before.number}."
    if found.ids == block.entry_ids and block_hash(before.hash, number, found) == bytes(block.hash):
        return ""
    return (
        f"Block {number} was altered. The first bad row is {_first_difference(block, found, name)}."
    )


def _first_difference(block: SealedBlock, found: Digested, name: Name) -> str:
    sealed = bytes(block.digests)
    now = dict(zip(found.ids, found.digests, strict=True))
    for position, row_id in enumerate(block.entry_ids):
        if row_id not in now:
            return f"{name(row_id)}, which is gone"
        if now[row_id][:SHORT] != sealed[position * SHORT : (position + 1) * SHORT]:
            return f"{name(row_id)}, which is not as it was sealed"
    added = sorted(set(now) - set(block.entry_ids))
    return f"{name(added[0])}, which was added" if added else "the block itself"
