"""The pages of signing in: the same for a council's staff and for operators on the public host."""
