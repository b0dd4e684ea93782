"""Account files of any size, of invented people, always the same for the same numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ims.accounts.columns import NAMES

_SURNAMES = (
    "SMITH", "JONES", "WILLIAMS", "TAYLOR", "PATEL", "O'BRIEN", "KHAN", "EVANS", "OKAFOR",
    "WALKER", "NOWAK", "SINGH", "HUGHES", "MACDONALD", "LEWIS", "CLARKE", "DAVIES-REES",
)  # fmt: skip
_STREETS = ("High Street", "Mill Lane", "Station Road", "The Crescent", "Church Walk")
_TOWN = "Northmoor"
HEADER = ",".join(NAMES[:-1])  # without `fund`


def account_line(number: int, *, balance_pence: int | None = None) -> str:
    """One line of a full width; every number is a different account of about one household."""
    pence = number * 37 % 300_000 - 20_000 if balance_pence is None else balance_pence
    sign, size = ("-" if pence < 0 else ""), abs(pence)
    surname = f"{_SURNAMES[number % len(_SURNAMES)]}"
    house, street = number % 180 + 1, _STREETS[number // 180 % len(_STREETS)]
    place = number // 15
    letters = f"{chr(65 + place // 900 % 26)}{chr(65 + place // 23_400 % 26)}"
    postcode = f"NM{place % 90 + 1} {place // 90 % 10}{letters}"
    return (
        f"77{number:07d},Mx,Person{number % 1000},{surname},{house} {street},Flat {number % 9},"
        f"{_TOWN},,{postcode},CT{number % 4},Band {'ABCDEFGH'[number % 8]},,DD{number % 3},"
        f"p{number}@example.org,{sign}{size // 100}.{size % 100:02d},120.00,0.00,2026-08-03,,"
    )


def account_lines(count: int, *, changed_every: int = 0, first: int = 0) -> Iterator[str]:
    """The header and so many lines; each `changed_every`-th has another balance."""
    yield HEADER
    for number in range(first, first + count):
        is_changed = changed_every and number % changed_every == 0
        yield account_line(number, balance_pence=number % 5_000 + 1 if is_changed else None)


def write_accounts(path: Path, count: int, *, changed_every: int = 0, first: int = 0) -> Path:
    """Such a file on disk."""
    with path.open("w", encoding="utf-8", newline="") as file:
        for line in account_lines(count, changed_every=changed_every, first=first):
            file.write(line + "\r\n")
    return path
