"""Northmoor District Council: a district with its own housing, banking by camt.053."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ims_config.demo.bank_files import BankLine, Written, write_camt053
from ims_config.demo.councils import DemoCouncil, Income, Morning, Person


def _write(path: Path, rows: list[BankLine], day: date) -> Written:
    return write_camt053(
        path,
        rows,
        account="20000055512340",
        opening_pence=184_220_517,
        statement_id=f"NMDC-{day:%Y%m%d}",
    )


_INCOME = (
    Income(
        "CT", "77{:07d}", 100_234, 1_900, between=(7_400, 31_900), skew=2, repeats=True,
        by={"direct_debit": 78, "collected": 30, "card": 40, "cash": 35, "cheque": 30, "bank": 46},
    ),
    Income(
        "HR", "R{:08d}", 20_144_021, 700, between=(8_650, 14_420), repeats=True,
        by={"direct_debit": 14, "collected": 58, "card": 18, "cash": 38, "cheque": 4, "bank": 24},
    ),
    Income(
        "BR", "88{:06d}", 104_410, 260, between=(9_500, 890_000), skew=4, repeats=True,
        is_business=True, by={"direct_debit": 6, "cheque": 8, "bank": 9},
    ),
    Income(
        "GR", "G{:05d}", 10_120, 110, prices=(1_284, 1_426), repeats=True,
        by={"direct_debit": 1, "collected": 8, "card": 3, "cash": 6, "bank": 3},
    ),
    Income(
        "HO", "HBO{:07d}", 2_104_410, 130, prices=(1_000, 1_500, 2_000, 2_500, 4_000),
        repeats=True, by={"collected": 4, "card": 4, "cash": 6, "bank": 3},
    ),
    Income(
        "SD", "30{:06d}", 410_120, 400, between=(2_400, 260_000), skew=4, is_business=True,
        by={"card": 4, "cheque": 22, "bank": 12},
    ),
    Income(
        "PF", "NM{:07d}K", 4_410_020, 600, prices=(2_500, 3_500, 5_000, 7_000),
        by={"card": 14, "cheque": 6, "cash": 2},
    ),
    Income(
        "PL", "PP-{:08d}", 12_204_410, 170, prices=(12_800, 26_100, 53_200, 58_800, 62_400),
        by={"card": 3, "cheque": 8, "bank": 2},
    ),
    Income(
        "BC", "BC/26/{:04d}", 104, 160, prices=(18_000, 27_600, 42_000, 61_200), step=13,
        by={"card": 3, "cheque": 6, "bank": 1},
    ),
    Income(
        "LC", "LC{:06d}", 204_410, 150, prices=(10_460, 14_220, 18_340), is_business=True,
        by={"card": 2, "cheque": 5, "bank": 2},
    ),
    Income(
        "TW", "TW{:06d}", 104_120, 140, between=(6_200, 41_000), skew=2, repeats=True,
        is_business=True, by={"direct_debit": 2, "cheque": 4, "bank": 3},
    ),
    Income(
        "GW", "GW{:07d}", 3_204_410, 500, prices=(4_500, 4_500, 9_000),
        by={"direct_debit": 1, "card": 12, "cash": 3, "bank": 1},
    ),
    Income(
        "LI", "LN{:06d}", 204_777, 120, prices=(2_100, 7_000, 18_000, 29_500, 31_500),
        by={"card": 3, "cash": 2, "cheque": 4, "bank": 1},
    ),
    Income(
        "CM", "CEM{:05d}", 20_410, 90, prices=(24_000, 61_500, 98_000, 142_000),
        by={"cheque": 8, "bank": 1},
    ),
    Income(
        "MS", "MKT{:04d}", 1_004, 45, prices=(2_200, 2_600, 4_400), repeats=True, step=7,
        is_business=True, by={"card": 1, "cash": 12},
    ),
)  # fmt: skip

NORTHMOOR = DemoCouncil(
    name="Northmoor District Council",
    host="northmoor.localhost",
    accent_colour="#00625a",
    starter="district",
    profile="bank",
    layout="general-journal",
    cashier="Priya Nair",
    methods={
        "card": "CD", "cash": "CA", "cheque": "CQ", "bank": "BG",
        "direct_debit": "DD", "collected": "AP",
    },
    shares={
        "direct_debit": 33, "collected": 17, "card": 23, "cash": 7, "cheque": 3, "bank": 17,
    },
    income=_INCOME,
    morning=Morning(
        file_name="northmoor-statement-{day}.xml",
        typed_fund="CT",
        groups=(2, 3, 4),
        tax_words="COUNCIL TAX",
        short_reference=("R2014402", "RENT THIS WEEK"),
        closed_account="PST{:05d}",
        cheque_funds=("CT", "SD"),
        charge="BANK CHARGES FOR THE MONTH",
        dwp=(("DWP RENT DIRECT", "HR"), ("DWP DEBT MANAGEMENT", "HO")),
        has_bad_rows=False,
        write=_write,
    ),
    people=(
        Person("priya@northmoor.example", "Priya Nair", "Income officer"),
        Person("owen@northmoor.example", "Owen Fairbairn", "Finance manager"),
        Person("grace@northmoor.example", "Grace Oakden", "Auditor"),
    ),
)  # fmt: skip
