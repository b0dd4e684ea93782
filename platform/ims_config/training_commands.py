"""`ims council pair` and `unpair`: which council another one tries its settings in."""

from __future__ import annotations

from argparse import Namespace

from ims_config.commands import Answer
from ims_kernel import clock
from ims_kernel.identity.permissions import system
from ims_tenants import pairing
from ims_tenants.selectors import get_council


def pair(args: Namespace) -> Answer:
    """`ims council pair TRAINING COUNCIL`: COUNCIL may then promote the settings of TRAINING."""
    training, live = get_council(args.training), get_council(args.council)
    pairing.pair(training, live, actor=system("ims council pair"), at=clock.now())
    return Answer(
        {"training": training.name, "training_for": live.name},
        [f"{training.name} is the training council of {live.name}."],
    )


def unpair(args: Namespace) -> Answer:
    """`ims council unpair TRAINING`: nobody reads its settings any more."""
    training = get_council(args.training)
    pairing.unpair(training, actor=system("ims council unpair"), at=clock.now())
    return Answer(
        {"training": training.name, "training_for": None},
        [f"{training.name} is no training council any more."],
    )
