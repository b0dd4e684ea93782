"""Seeing a message as its reader will."""
