"""Keys with which a council's other systems use its API."""
