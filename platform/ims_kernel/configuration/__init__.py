"""A council's settings as one TOML file: written, described, compared and applied."""
