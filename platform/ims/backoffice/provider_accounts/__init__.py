"""Checking the connection of a payment provider account."""
