"""References out of a pasted or uploaded list: the first column of each line that has one."""

from __future__ import annotations

import csv
from io import StringIO

from ims.accounts.errors import ListUnreadable

MAX_REFERENCES = 10_000
MAX_BYTES = 2 * 1024 * 1024
_LONGEST = 100
_HEADINGS = frozenset(
    {
        "reference",
        "references",
        "account",
        "account number",
        "account reference",
        "accountreference",
    }
)
# A spreadsheet is a zip file, and this is how one begins.
_ZIP = b"PK\x03\x04"


def read_bytes(data: bytes) -> list[str]:
    """The references of a text or CSV file. Raises ListUnreadable."""
    if len(data) > MAX_BYTES:
        raise ListUnreadable("The selected file is larger than 2MB. Split it into several.")
    if data.startswith(_ZIP):
        raise ListUnreadable(
            "The selected file is a spreadsheet or a zip file. Save the list as CSV, then select "
            "that file."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return read_text(text)


def read_text(text: str) -> list[str]:
    """The references of a text. Raises ListUnreadable when there are none, or too many."""
    if "\x00" in text:
        raise ListUnreadable("This is not text. Use a text or CSV file, with one reference a line.")
    separator = "\t" if "\t" in text else ";" if ";" in text and "," not in text else ","
    found: list[str] = []
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=separator):
            reference = row[0].strip() if row else ""
            if not reference or (not found and reference.lower() in _HEADINGS):
                continue
            found.append(reference[:_LONGEST])
            if len(found) > MAX_REFERENCES:
                raise ListUnreadable(
                    f"The list has more than {MAX_REFERENCES:,} references. Split it into several."
                )
    except csv.Error as error:
        raise ListUnreadable(
            f"The list cannot be read after reference {len(found):,}: {error}. Look for a "
            "quotation mark that is not closed."
        ) from error
    if not found:
        raise ListUnreadable("Paste at least one reference, or select a file that has some")
    return found


def as_lines(references: list[str]) -> str:
    """The references as text that `read_text` reads back the same, whatever is in them."""
    text = StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
        [reference] for reference in references
    )
    return text.getvalue()
