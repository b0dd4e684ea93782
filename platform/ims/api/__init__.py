"""The council's API: /api/v1, for its own systems."""
