"""Inviting the first people of a council from the command line."""

from __future__ import annotations

from argparse import Namespace

from ims.backoffice.people.links import invitation_url
from ims_config.commands import Answer
from ims_kernel import clock
from ims_kernel.identity import people
from ims_kernel.identity.grants import GrantDraft
from ims_kernel.identity.people import Joiner
from ims_kernel.identity.services import role_named
from ims_kernel.permissions import system
from ims_kernel.web.dates import format_instant
from ims_tenants.current import enter
from ims_tenants.selectors import get_council


def user_invite(args: Namespace) -> Answer:
    """`ims user invite COUNCIL EMAIL --name NAME [--role ROLE]`: a link to hand over."""
    at = clock.now()
    with enter(get_council(args.council)):
        drafts = [GrantDraft(role_named(each).pk, clock.day_of(at)) for each in args.role]
        joiner = Joiner(args.email, args.name, grants=drafts)
        invited = people.invite(joiner, actor=system("ims user invite"), at=at)
        url = invitation_url(invited.token)
    data = {"link": url, "expires_at": invited.expires_at, "roles": args.role}
    lines = [
        f"{args.name} chooses a password here: {url}",
        f"The link works once, until {format_instant(invited.expires_at)}. It is shown only now.",
    ]
    return Answer(data, lines)
