"""The council's logo."""
