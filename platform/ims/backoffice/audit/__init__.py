"""Who did what: searching the audit trail, looking at one event, taking a copy away."""
