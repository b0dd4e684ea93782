"""What is pressed in the console of settings: the same for every kind of record."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ims_kernel import clock
from ims_kernel.records.models import ProposedChange
from ims_tenants.current import council
from ims_tenants.pairing import pair
from tests.councils import OPERATOR, make_council
from tests.ims.backoffice.audit.press import Press
from tests.ims.backoffice.settings.answers import opened

SLUG, KEY = "methods", "CARD"
FILE = b'schema = 1\n[[cost-centres]]\ncode = "X1"\nname = "Parks"\n'
WHY = {"change-reason": "New contract"}


def _sent(client: Client, step: str, **more: str) -> Press:
    given = opened(client, f"/settings/{SLUG}/{KEY}/{step}") | more | WHY
    return Press((SLUG, KEY), given)


def _restore(client: Client) -> Press:
    retired = _sent(client, "retire")
    client.post(f"/settings/{SLUG}/{KEY}/retire", retired.data)
    return _sent(client, "restore")


def _change(_client: Client) -> Press:
    found = ProposedChange.objects.create(
        kind_slug=SLUG, key=KEY, title="Card", act="save", given={}, before={}, after={},
        proposed_by="Rhian", proposed_at=clock.now(), reason="Why",
    )  # fmt: skip
    return Press((found.pk,), {"refuse": "1", "reason": "No"})


def _compared(client: Client) -> Press:
    given = {"file": SimpleUploadedFile("settings.toml", FILE)}
    address = client.post("/settings/file", given)["Location"]
    return Press((address.rpartition("/")[2],), {"reason": "New contract"})


def _promote(_client: Client) -> Press:
    made = make_council("Northmoor Training", "training.example", "district")
    pair(made, council(), actor=OPERATOR, at=clock.now())
    return Press()


EXAMPLES: Mapping[str, Callable[[Client], Press]] = {
    "setting_add": lambda client: Press(
        (SLUG,),
        opened(client, f"/settings/{SLUG}/add")
        | {"code": "PH", "name": "Phone", "purpose": "card", "control_code": "9200"}
        | WHY,
    ),
    "setting_edit": lambda client: _sent(client, "edit", name="Debit card"),
    "setting_retire": lambda client: _sent(client, "retire"),
    "setting_restore": _restore,
    "setting_change": _change,
    "setting_file": lambda _: Press(data={"file": SimpleUploadedFile("settings.toml", FILE)}),
    "setting_comparison": _compared,
    "setting_promote": _promote,
}
