"""The pages of suspense."""
