"""What a reversal in the ledger means for suspense.

An item's allocations always add up to what is gone from it, so a reversal is written as one more:
of a parked receipt it takes all of the item, of an allocation it is minus what that one took.
"""

from __future__ import annotations

from ims.ledger.reversals import Reversal
from ims.suspense.errors import AlreadyAllocated
from ims.suspense.models import Allocation, SuspenseItem
from ims_kernel.money import format_pounds


def follow(reversal: Reversal) -> None:
    """Keep suspense in step with a reversal. Entries that suspense does not know are left alone.

    Raises AlreadyAllocated when the money the reversal needs is no longer on the item.
    """
    taken = Allocation.objects.filter(entry_id=reversal.entry_id).first()
    if taken is not None:
        _move(taken.item_id, -taken.amount_pence, reversal)
        return
    parked = SuspenseItem.objects.filter(entry_id=reversal.entry_id).first()
    if parked is not None:
        _move(parked.pk, parked.amount_pence, reversal)


def _move(item_id: int, amount_pence: int, reversal: Reversal) -> None:
    item = SuspenseItem.objects.select_for_update().get(pk=item_id)
    left = item.remaining_pence - amount_pence
    if not min(0, item.amount_pence) <= left <= max(0, item.amount_pence):
        raise AlreadyAllocated(
            f"This cannot be reversed: it needs {format_pounds(abs(amount_pence))} in suspense, "
            f"and {format_pounds(abs(item.remaining_pence))} remains on the item. Reverse the "
            "item's later allocations first.",
            remaining_pence=item.remaining_pence,
        )
    item.remaining_pence = left
    item.save(update_fields=["remaining_pence"])
    Allocation.objects.create(
        item=item,
        entry_id=reversal.reversal_id,
        amount_pence=amount_pence,
        allocated_at=reversal.at,
        actor_name=reversal.actor.name[:100],
    )
