"""Letters sent in the background, so that the page takes as long for a stranger as for a person."""

from __future__ import annotations

from urllib.parse import urljoin

from django.core.mail import send_mail

from ims_kernel.identity import accounts
from ims_kernel.jobs.task import council_task
from ims_kernel.signin import passwords

NEW_PASSWORD_PAGE = "/sign-in/new-password"  # noqa: S105 - an address
_LETTER = """Dear {name},

Somebody, we hope you, asked to choose a new password for the income management service.
Open this address within one hour:

{link}

If it was not you, do nothing: your password stays as it is.
"""


@council_task(queue="notify")
def send_reset_link(*, user_id: int, site: str) -> None:
    """Send the person a link to choose a new password. `site` is the address of the council."""
    user = accounts.open_account(user_id)
    if user is None:
        return
    link = f"{urljoin(site, NEW_PASSWORD_PAGE)}?link={passwords.reset_link(user)}"
    send_mail(
        "Choose a new password", _LETTER.format(name=user.name, link=link), None, [user.email]
    )
