"""Secrets at rest: each council's own data key, wrapped by the installation's (docs/adr/0028)."""
