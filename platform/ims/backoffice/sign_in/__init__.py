"""The pages of sign in."""
