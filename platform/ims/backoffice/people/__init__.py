"""The pages of people, roles, and who may do what."""
