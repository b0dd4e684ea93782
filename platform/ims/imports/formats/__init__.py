"""Adapters that read bank files; pure Python, no Django."""
