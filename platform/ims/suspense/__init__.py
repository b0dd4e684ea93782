"""Money that could not be placed, why, and where it went in the end."""
