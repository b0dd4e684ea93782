"""The commands that keep running: up, demo, serve, worker, shell; and stopping the database."""

from __future__ import annotations

import json
import logging
import os
import socket
import time
from argparse import Namespace
from collections.abc import Callable

from django.core.management import call_command

from ims_config import commands, database, env, localdb, processes, worker
from ims_config.demo.run import run as run_demo
from ims_config.demo.table import format_report, format_sign_ins
from ims_kernel import clock
from ims_kernel.errors import ImsError

Say = Callable[[str], None]


class PortTaken(ImsError):
    """Something else answers on the port the service wants."""

    code = "cli.port_taken"


def run(name: str, args: Namespace, *, started: float, say: Say) -> int:
    """Run one of the commands and return its exit code."""
    if name == "demo":
        return _demo(args, started, say)
    if name == "up":
        return _up(args, say)
    if name in ("serve", "worker"):
        commands.check(args)
    if name == "serve":
        os.execv(processes.GUNICORN[0], list(processes.GUNICORN))  # noqa: S606
    if name == "worker":
        worker.run(once=args.once, concurrency=args.concurrency)
    elif name == "shell":
        call_command("shell")
    elif name == "stop":
        localdb.stop(database.local_data_dir())
        say("The local database is stopped.")
    return commands.OK


def _up(args: Namespace, say: Say) -> int:
    _refuse_taken_port()
    answer = commands.migrate(args)
    if answer.code != commands.OK:
        say("\n".join(answer.lines))
        return answer.code
    commands.check(args)
    port = env.read().port
    return processes.run_together(
        [processes.GUNICORN, processes.WORKER],
        on_ready=lambda: say(f"Serving on port {port}. Stop with Ctrl-C."),
    )


def _demo(args: Namespace, started: float, say: Say) -> int:
    if not args.no_serve:
        _refuse_taken_port()
    # A note for the log of each sealed block would hide the table a person waits for.
    logging.getLogger("ims_kernel.sealing").setLevel(logging.WARNING)
    report = run_demo(today=clock.today(), say=(lambda _words: None) if args.json else say)
    commands.check(args)
    if args.json:
        say(json.dumps({"agrees": report.agrees, "seconds": round(time.monotonic() - started, 1)}))
    else:
        say(format_report(report))
    if not report.agrees:
        return commands.DOES_NOT_AGREE
    if args.no_serve:
        return commands.OK
    port = env.read().port
    return processes.run_together(
        [processes.GUNICORN, processes.WORKER],
        on_ready=lambda: say(format_sign_ins(report, port=port)),
    )


def _refuse_taken_port() -> None:
    port = env.read().port
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise PortTaken(
                f"Something already uses port {port}. Stop it, or choose another: "
                f"IMS_PORT={port + 1} and the same command.",
            ) from None
