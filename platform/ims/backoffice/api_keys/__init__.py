"""The keys of the API: made, shown once, revoked."""
