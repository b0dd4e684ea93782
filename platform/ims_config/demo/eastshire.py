"""Eastshire Council: a unitary, banking by Lloyds Commercial CSV."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ims_config.demo.bank_files import BankLine, Written, write_lloyds_csv
from ims_config.demo.councils import DemoCouncil, Income, Morning, Person


def _write(path: Path, rows: list[BankLine], day: date) -> Written:  # noqa: ARG001 - Writer
    return write_lloyds_csv(
        path,
        rows,
        account="30000041120078",
        opening_pence=320_918_244,
        account_name="EASTSHIRE COUNCIL",
    )


_INCOME = (
    Income(
        "101", "4{:09d}", 104_410_220, 2_300, between=(8_100, 36_400), skew=2, repeats=True,
        by={"direct_debit": 76, "collected": 60, "card": 36, "cash": 40, "cheque": 24, "bank": 46},
    ),
    Income(
        "102", "NDR{:07d}", 1_204_410, 340, between=(11_000, 1_450_000), skew=4, repeats=True,
        is_business=True, by={"direct_debit": 7, "cheque": 8, "bank": 9},
    ),
    Income(
        "110", "8{:08d}", 10_441_022, 150, prices=(1_100, 1_665, 2_220, 3_330), repeats=True,
        by={"collected": 8, "card": 4, "cash": 6, "bank": 3},
    ),
    Income(
        "120", "ASC{:06d}", 204_120, 420, between=(4_200, 96_000), skew=2, repeats=True,
        by={"direct_debit": 9, "collected": 14, "card": 8, "cash": 6, "cheque": 26, "bank": 18},
    ),
    Income(
        "130", "SMKT{:04d}", 1_020, 600, prices=(1_325, 2_650, 5_300, 2_000), step=13,
        by={"card": 26, "cash": 8, "collected": 10, "cheque": 2, "bank": 4},
    ),
    Income(
        "140", "B{:07d}", 2_204_410, 300, prices=(60, 120, 250, 500, 850),
        by={"card": 7, "cash": 22},
    ),
    Income(
        "150", "MUS{:05d}", 20_120, 210, prices=(8_750, 11_200, 14_900), repeats=True,
        by={"direct_debit": 3, "card": 5, "cheque": 4, "bank": 3},
    ),
    Income(
        "160", "HWY{:06d}", 204_120, 160, prices=(7_100, 15_600, 28_400, 51_000),
        is_business=True, by={"card": 4, "cheque": 6, "bank": 3},
    ),
    Income(
        "170", "CW{:07d}", 1_204_120, 200, between=(7_900, 52_000), skew=2, repeats=True,
        is_business=True, by={"direct_debit": 4, "cheque": 5, "bank": 5},
    ),
    Income(
        "180", "CR26-{:05d}", 10_120, 180, prices=(89_500, 96_000, 104_500), is_business=True,
        by={"cheque": 12, "bank": 3},
    ),
    Income(
        "190", "REG{:06d}", 204_410, 260, prices=(1_250, 3_600, 8_400, 49_800),
        by={"card": 9, "cash": 10, "bank": 1},
    ),
    Income(
        "200", "PROP{:05d}", 10_204, 75, between=(42_000, 310_000), skew=2, repeats=True,
        is_business=True, by={"direct_debit": 1, "cheque": 4, "bank": 5},
    ),
    Income(
        "210", "7{:07d}", 1_204_410, 420, between=(3_100, 340_000), skew=4, is_business=True,
        by={"card": 4, "cheque": 22, "bank": 12},
    ),
    Income(
        "220", "ES{:08d}", 21_204_410, 700, prices=(2_500, 3_500, 5_000, 7_000),
        by={"card": 16, "cash": 2, "cheque": 5},
    ),
    Income(
        "230", "P/2026/{:05d}", 1_204, 170, prices=(12_800, 26_100, 53_200, 58_800),
        by={"card": 3, "cheque": 6, "bank": 2},
    ),
    Income(
        "240", "HIRE{:05d}", 20_410, 220, prices=(1_850, 2_775, 4_625, 7_399),
        by={"card": 8, "cash": 4, "cheque": 4, "bank": 3},
    ),
)  # fmt: skip

EASTSHIRE = DemoCouncil(
    name="Eastshire Council",
    host="eastshire.localhost",
    accent_colour="#6b1f5f",
    starter="unitary",
    profile="lloyds",
    layout="fixed-ledger",
    cashier="Kofi Addo",
    methods={
        "card": "21", "cash": "11", "cheque": "12", "bank": "31",
        "direct_debit": "41", "collected": "51",
    },
    shares={
        "direct_debit": 36, "collected": 9, "card": 27, "cash": 5, "cheque": 4, "bank": 19,
    },
    income=_INCOME,
    morning=Morning(
        file_name="eastshire-lloyds-{day}.csv",
        typed_fund="101",
        groups=(4, 3, 3),
        tax_words="COUNCIL TAX",
        short_reference=("ASC 20412", "CARE AT HOME"),
        closed_account="AE{:05d}",
        cheque_funds=("101", "210"),
        charge="SERVICE CHARGE FOR THE MONTH",
        dwp=(("DWP DEBT MANAGEMENT", "110"), ("DWP DEDUCTIONS", "101")),
        has_bad_rows=True,
        write=_write,
    ),
    people=(
        Person("amara@eastshire.example", "Amara Okafor", "Income officer"),
        Person("kofi@eastshire.example", "Kofi Addo", "Finance manager"),
        Person("bronwen@eastshire.example", "Bronwen Ellerby", "Auditor"),
    ),
)  # fmt: skip
