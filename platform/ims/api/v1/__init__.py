"""Version 1 of the API: what is here only grows; what would break a caller becomes version 2."""
