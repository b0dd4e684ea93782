"""Promoting settings: what was tried in the training council comes to this one, by comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ims.backoffice.asking import actor_of
from ims.backoffice.configuration.forms import NothingAsked
from ims.backoffice.settings.showing import capital
from ims_kernel import clock
from ims_kernel.audit.services import Subject, record_read
from ims_kernel.configuration import document, kept, writing
from ims_kernel.configuration.applying import PERMISSION
from ims_kernel.configuration.errors import FileRefused
from ims_kernel.errors import ImsError
from ims_kernel.identity.gate import requires
from ims_kernel.permissions import Actor
from ims_kernel.records.fields import Values
from ims_kernel.records.kinds import Kind, get_kind
from ims_tenants.current import council, enter, training_council

if TYPE_CHECKING:
    from datetime import datetime

    from ims_tenants.models import Council

# Kinds that are a council's own: what the training council has there would be wrong here.
LEFT_OUT = {
    "council": "the training council’s name, VAT number and look are its own",
    "banners": "a message about training is for the people who train",
    "sign-in": "people sign in to each council in its own way",
    "payment-accounts": "training takes no real money, so its accounts are for tests; credentials "
    "are never copied",
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(PERMISSION)
def promote(request: HttpRequest) -> HttpResponse:
    """What would come over, what would not and why; the button compares the two councils."""
    actor, training = actor_of(request), training_council()
    form = NothingAsked()
    if request.method == "POST" and training is not None:
        try:
            token = _compare(training, actor=actor, at=clock.now())
        except ImsError as error:
            form = NothingAsked(refused=_told(error))
        else:
            return redirect("setting_comparison", token)
    barred = [kind for kind in _kinds() if not actor.may(kind.change)]
    context: dict[str, Any] = {
        "form": form,
        "training": training,
        "brought": [capital(_name(kind)) for kind in _kinds() if kind not in barred],
        "barred": [capital(_name(kind)) for kind in barred],
        "left_out": [
            (capital(_name(kind)), LEFT_OUT[kind.slug])
            for kind in writing.file_kinds()
            if kind.slug in LEFT_OUT
        ],
    }
    return render(request, "backoffice/configuration/promote.html", context)


def _compare(training: Council, *, actor: Actor, at: datetime) -> str:
    slugs = [kind.slug for kind in _kinds() if actor.may(kind.change)]
    found = _read(training, slugs, actor=actor, at=at)
    text = writing.write("", found)
    return kept.compare(
        document.read(text.encode()),
        training.name,
        actor=actor,
        at=at,
        source=str(training.uuid),
    )


def _read(
    training: Council, slugs: list[str], *, actor: Actor, at: datetime
) -> dict[str, list[Values]]:
    """The training council's settings. Its own trail says who read them; nothing else is written.

    The number of the person means somebody else there, so they are told by name alone.
    """
    reader = Actor(f"{actor.name}, {council().name}"[:100])
    with enter(training):
        found = writing.tables()
        record_read(reader, Subject("configuration", "file"), at=at, kinds=slugs)
    return {slug: records for slug, records in found.items() if slug in slugs}


def _told(error: ImsError) -> ImsError:
    """The refusal without the line: nobody sees a file here."""
    if not isinstance(error, FileRefused) or not error.facts.get("table"):
        return error
    kind = get_kind(error.facts["table"])
    return FileRefused(f"{capital(_name(kind))}: {error.facts['words']}")


def _kinds() -> list[Kind]:
    return [kind for kind in writing.file_kinds() if kind.slug not in LEFT_OUT]


def _name(kind: Kind) -> str:
    return kind.singular if kind.single else kind.plural
