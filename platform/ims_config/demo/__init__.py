"""The demonstration: two invented councils, their year of income and their bank files."""
