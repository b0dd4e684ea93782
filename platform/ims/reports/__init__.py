"""Reading across apps: dashboard, search and history. It never writes."""
