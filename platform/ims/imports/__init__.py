"""Bank files in: received, parsed, matched by rules, posted or parked."""
