"""Background work: a job carries its council and can be killed at any instant."""
