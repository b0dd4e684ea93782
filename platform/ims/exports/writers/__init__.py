"""Ledger rows to bytes, and back to totals. Nothing here knows the database."""
