"""Funds, VAT, methods of payment and the council's own money settings."""
