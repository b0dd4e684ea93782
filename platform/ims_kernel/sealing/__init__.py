"""Chains of sealed blocks: rows that are only ever added, and the proof that none was changed."""
