"""The background worker's application object."""

from __future__ import annotations

from procrastinate import App


def on_app_ready(app: App) -> None:
    """Called by procrastinate when Django has loaded. Tasks register themselves on import."""
    app.import_paths = []
