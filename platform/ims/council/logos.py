"""Keeping a council's logo among its private files."""

from __future__ import annotations

import io
from typing import Any

from django.db import transaction

from ims.council.errors import LogoRefused
from ims.council.models import CouncilSettings
from ims.council.pictures import read_logo
from ims_kernel import files
from ims_kernel.records.errors import RecordRefused


def keep_logo(settings: CouncilSettings, upload: Any) -> None:
    """Store an uploaded picture and note it on the (not yet saved) settings.

    `upload` is Django's uploaded file, or bytes. Raises RecordRefused in words. The logo before is
    deleted only once the change is certain; the new one, if it comes to nothing.
    """
    stream = io.BytesIO(upload) if isinstance(upload, bytes) else upload
    size = len(upload) if isinstance(upload, bytes) else int(upload.size)
    try:
        logo = read_logo(stream, size=size)
    except LogoRefused as error:
        raise RecordRefused(error.message, field="logo") from error
    before = settings.logo_path
    stored = files.save("logo", [logo.content])
    settings.logo_path, settings.logo_type = stored.path, logo.media_type
    settings.logo_mark = logo.mark
    if before:
        transaction.on_commit(lambda: files.delete(before))
