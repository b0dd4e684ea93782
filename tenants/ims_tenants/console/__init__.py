"""The pages of the public host."""
