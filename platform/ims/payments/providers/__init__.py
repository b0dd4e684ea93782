"""Payment providers: one port, one adapter each. They translate, and touch no database."""
