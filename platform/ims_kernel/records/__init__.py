"""Settings as records: declared once, and listed, edited, retired, audited and exported alike."""
