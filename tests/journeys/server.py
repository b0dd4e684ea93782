"""Serves the Django of this test process on a free port, static files included."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.contrib.staticfiles.views import serve
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.http import FileResponse, HttpRequest, HttpResponse


class _Static(StaticFilesHandler):
    def serve(self, request: HttpRequest) -> FileResponse | HttpResponse:
        return serve(request, self.file_path(request.path), insecure=True)


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Says nothing: pytest shows what matters."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def process_request_thread(self, *args: Any) -> None:
        """A thread is one request, and leaves no connection to the database behind."""
        try:
            super().process_request_thread(*args)
        finally:
            connections.close_all()


@contextmanager
def served(host: str = "127.0.0.1") -> Iterator[str]:
    """The address of a server that runs until the block ends.

    Its requests run in other threads, so they see only what a test has committed.
    """
    server = make_server(
        host, 0, _Static(WSGIHandler()), server_class=_Server, handler_class=_Quiet
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
