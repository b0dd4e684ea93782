"""Where the database is. (Replaced when the local manager lands.)"""

import os


def database_url() -> str:
    """The URL of the database."""
    return os.environ["DATABASE_URL"]
