"""CSV files that a spreadsheet opens as they are and never runs, sent part by part."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

from ims_tenants.current import council, enter

_ROWS_A_PART = 500


def csv_parts(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> Iterator[bytes]:
    """The file in parts: UTF-8 with its mark (spreadsheets need it), CRLF.

    Text in a cell must have come through ims_kernel.spreadsheets.safe_cell.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow(header)
    for number, row in enumerate(rows, start=1):
        writer.writerow(row)
        if number % _ROWS_A_PART == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    part = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return part


def csv_response(parts: Iterator[bytes], *, file_name: str) -> StreamingHttpResponse:
    """The answer that sends the parts as a file with this name."""
    response = StreamingHttpResponse(_in_council(parts))
    response["Content-Type"] = "text/csv; charset=utf-8"
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def _in_council(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The parts, made inside this council: they are asked for after the request has left it."""
    mine = council()

    def made() -> Iterator[bytes]:
        with enter(mine):
            yield from parts

    return made()
