"""`ims verify` names a ledger file that is not what it was."""

from __future__ import annotations

from pathlib import Path

from ims.exports import services
from ims.exports.models import ExportedLine, ExportRun
from ims.exports.verify import prove
from ims_kernel import clock
from ims_kernel.identity.permissions import Actor
from ims_tenants.models import Council
from tests.ims.exports.posting import draft, post_a_little, post_income


def proofs() -> list[tuple[int, str]]:
    return [(proof.checked, proof.problem) for proof in prove()]


def make(actor: Actor) -> ExportRun:
    return services.run("fixed-ledger", actor=actor, at=clock.now())


def test_good_files_are_proved_and_rejected_ones_left_out(council: Council, actor: Actor) -> None:
    assert proofs() == [(0, ""), (0, "")]
    post_a_little()
    first = make(actor)
    services.reject(first.pk, reason="Wrong day.", actor=actor, at=clock.now())
    make(actor)
    assert proofs() == [(1, ""), (1, "")]


def test_a_file_that_lost_a_line_is_named(council: Council, actor: Actor) -> None:
    post_a_little()
    make(actor)
    post_income(draft(700))
    second = make(actor)
    ExportedLine.objects.filter(run=second).delete()
    figures, unchanged = proofs()
    assert figures[0] == 2
    assert figures[1] == (
        f"Ledger file {second.pk} says 1 lines and 700 pence; the lines it holds are 0 and 0 pence."
    )
    assert unchanged == (2, "")


def test_a_file_that_changed_in_storage_is_named(
    council: Council, actor: Actor, own_files: Path
) -> None:
    post_a_little()
    run = make(actor)
    (path,) = [path for path in own_files.rglob("*") if path.is_file()]
    path.write_bytes(path.read_bytes()[:-1])
    assert proofs()[0] == (1, "")
    assert proofs()[1][1].startswith(f"The stored file of {run.reference} is not the one")


def test_a_file_that_is_gone_is_named(council: Council, actor: Actor, own_files: Path) -> None:
    post_a_little()
    make(actor)
    (path,) = [path for path in own_files.rglob("*") if path.is_file()]
    path.unlink()
    assert proofs()[1] == (1, "This file is not there any more. Tell your support contact.")
