"""Trying references out against a fund or a rule, one or thousands, changing nothing."""
