"""`ims`: the service from the command line.

Exit codes: 0 done, 1 refused or failed (the reason is printed), 2 the command itself is wrong,
3 the books do not agree. With --json the answer is one JSON document on standard output.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from datetime import date
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ims_config.settings.dev")

from ims_kernel import origin
from ims_kernel.errors import ImsError

REFUSED = 1


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    args = parser().parse_args(argv)
    try:
        return _run(args)
    except ImsError as error:
        if args.json:
            print(json.dumps({"error": error.code, "message": error.message}))
        else:
            print(error.message, file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        # A database that is down is told in words; anything else keeps its traceback.
        if type(error).__name__ != "OperationalError":
            raise
        print(f"The database does not answer: {error}", file=sys.stderr)
        print("Check that it runs and that DATABASE_URL names it, then try again.", file=sys.stderr)
        return REFUSED


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    root = argparse.ArgumentParser(prog="ims", description="Income management for councils.")
    every = argparse.ArgumentParser(add_help=False)
    every.add_argument("--json", action="store_true", help="answer as one JSON document")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(group: Any, name: str, words: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = group.add_parser(
            name, help=words, description=words, parents=[every]
        )
        return made

    _add_running(lambda name, words: add(commands, name, words))
    _add_money(lambda name, words: add(commands, name, words))
    council = commands.add_parser("council", help="make and list councils")
    group = council.add_subparsers(dest="subcommand", required=True, metavar="COMMAND")
    _add_councils(lambda name, words: add(group, name, words))
    config = commands.add_parser("config", help="a council's settings as a file")
    config_group = config.add_subparsers(dest="subcommand", required=True, metavar="COMMAND")
    user = commands.add_parser("user", help="make people who can sign in")
    group = user.add_subparsers(dest="subcommand", required=True, metavar="COMMAND")
    create = add(group, "create", "make a person; COUNCIL `public` makes an operator")
    create.add_argument("council", metavar="COUNCIL")
    create.add_argument("email", metavar="EMAIL")
    create.add_argument("--name", required=True)
    create.add_argument("--role", action="append", required=True, help="may be given again")
    invite = add(group, "invite", "make a link that lets a person choose a password, once")
    invite.add_argument("council", metavar="COUNCIL")
    invite.add_argument("email", metavar="EMAIL")
    invite.add_argument("--name", required=True)
    invite.add_argument("--role", action="append", default=[], help="may be given again")
    _add_config(lambda name, words: add(config_group, name, words))
    accounts = commands.add_parser("accounts", help="the accounts of a fund")
    accounts_group = accounts.add_subparsers(dest="subcommand", required=True, metavar="COMMAND")
    _add_accounts(lambda name, words: add(accounts_group, name, words))
    api = commands.add_parser("api", help="the council's API")
    group = api.add_subparsers(dest="subcommand", required=True, metavar="COMMAND")
    describe = add(group, "describe", "write the description of the API (OpenAPI)")
    describe.add_argument("file", metavar="FILE")
    keys = commands.add_parser("keys", help="the keys that protect stored secrets")
    group = keys.add_subparsers(dest="subcommand", required=True, metavar="COMMAND")
    rotate = add(group, "rotate", "protect a council's secrets by the newest key")
    rotate.add_argument("council", metavar="COUNCIL", nargs="?")
    rotate.add_argument("--all", action="store_true", help="every council, and the operators' own")
    rotate.add_argument("--data", action="store_true", help="seal every secret with a new data key")
    return root


def _add_councils(add: Any) -> None:
    create = add("create", "make a council")
    create.add_argument("name", metavar="NAME")
    create.add_argument("--host", required=True, help="such as northmoor.example")
    create.add_argument("--starter", help="district, unitary, county, or a configuration file")
    create.add_argument("--colour", default="#1d4f91", help="accent colour, #rrggbb")
    create.add_argument(
        "--training-for", metavar="COUNCIL", help="the council whose settings are tried in this one"
    )
    add("list", "list the councils")
    step = add("step", "move a council on in its life")
    step.add_argument("council", metavar="COUNCIL")
    step.add_argument("step", choices=["go_live", "suspend", "resume", "close"])
    pair = add("pair", "make one council the training council of another")
    pair.add_argument("training", metavar="TRAINING")
    pair.add_argument("council", metavar="COUNCIL")
    unpair = add("unpair", "end a pair of council and training council")
    unpair.add_argument("training", metavar="TRAINING")


def _add_running(add: Any) -> None:
    add("up", "migrate, check, then serve with a worker until Ctrl-C")
    demo = add("demo", "two invented councils from a bank file to a ledger file")
    demo.add_argument("--no-serve", action="store_true", help="stop before serving")
    worker = add("worker", "run background jobs")
    worker.add_argument("--once", action="store_true", help="stop when no job is left")
    worker.add_argument("--concurrency", type=int, default=2)
    add("serve", "serve the pages only")
    add("migrate", "bring every schema that is behind up to date")
    add("check", "check the guards that must hold before the service starts")
    add("shell", "a Python prompt with the service loaded")
    add("stop", "stop the local database")


def _add_config(add: Any) -> None:
    export = add("export", "write a council's settings into a file")
    export.add_argument("council", metavar="COUNCIL")
    export.add_argument("file", metavar="FILE")
    apply = add("apply", "bring a council's settings to what a file says")
    apply.add_argument("council", metavar="COUNCIL")
    apply.add_argument("file", metavar="FILE")
    apply.add_argument("--dry-run", action="store_true", help="only say what would change")
    schema = add("schema", "write the JSON Schema of configuration files")
    schema.add_argument("file", metavar="FILE")
    bring = add("import-localgovims", "make such a file of a LocalGov IMS database's CSV dump")
    bring.add_argument("folder", metavar="FOLDER")
    bring.add_argument("file", metavar="FILE")
    bring.add_argument("--report", metavar="FILE", help="write the report as Markdown too")
    bring.add_argument(
        "--vat-from",
        type=date.fromisoformat,
        default=date(1973, 4, 1),
        metavar="DATE",
        help="the day every VAT rate starts on (1973-04-01, when VAT began)",
    )


def _add_accounts(add: Any) -> None:
    load = add("load", "bring a fund's accounts to what a file says")
    load.add_argument("council", metavar="COUNCIL")
    load.add_argument("fund", metavar="FUND")
    load.add_argument("file", metavar="FILE")
    mode = load.add_mutually_exclusive_group()
    mode.add_argument("--full", action="store_true", help="close what is not in it (the default)")
    mode.add_argument("--delta", action="store_true", help="leave the other accounts as they are")
    load.add_argument("--dry-run", action="store_true", help="only say what would change")
    load.add_argument("--accept-closing", action="store_true", help="also close unusually many")
    load.add_argument("--accept-rejected", action="store_true", help="leave bad lines out")


def _add_money(add: Any) -> None:
    importing = add("import", "read a bank file into a council")
    importing.add_argument("council", metavar="COUNCIL")
    importing.add_argument("file", metavar="FILE")
    importing.add_argument("--profile", default="bank")
    importing.add_argument("--post", action="store_true", help="post it too")
    export = add("export", "make the next ledger file")
    export.add_argument("council", metavar="COUNCIL")
    export.add_argument("layout", metavar="LAYOUT")
    export.add_argument("--out", required=True, metavar="DIR")
    verify = add("verify", "prove a council's books")
    verify.add_argument("council", metavar="COUNCIL", nargs="?")
    verify.add_argument("--all", action="store_true")
    reanchor = add("reanchor", "take a restored council's chains as they now end")
    reanchor.add_argument("council", metavar="COUNCIL")
    reanchor.add_argument("--reason", required=True, help="such as the backup restored, and why")
    usage = add("usage", "what each council used from a date to a date")
    usage.add_argument("first", type=date.fromisoformat, metavar="FIRST")
    usage.add_argument("last", type=date.fromisoformat, metavar="LAST")


def _run(args: argparse.Namespace) -> int:
    started = time.monotonic()
    import django  # noqa: PLC0415 - `ims --help` needs no database

    django.setup()
    from ims_config import (  # noqa: PLC0415 - needs Django set up
        account_commands,
        commands,
        config_commands,
        key_commands,
        localgovims_commands,
        people_commands,
        proof_commands,
        serving,
        training_commands,
    )

    answers = {
        "council create": commands.council_create,
        "council list": commands.council_list,
        "council step": commands.council_step,
        "council pair": training_commands.pair,
        "council unpair": training_commands.unpair,
        "user create": commands.user_create,
        "user invite": people_commands.user_invite,
        "import": commands.import_file,
        "export": commands.export,
        "verify": proof_commands.verify,
        "reanchor": proof_commands.reanchor,
        "migrate": commands.migrate,
        "check": commands.check,
        "usage": commands.usage,
        "config export": config_commands.export,
        "config apply": config_commands.apply,
        "config schema": config_commands.schema,
        "config import-localgovims": localgovims_commands.import_localgovims,
        "accounts load": account_commands.load,
        "api describe": config_commands.describe_api,
        "keys rotate": key_commands.rotate,
    }
    name = " ".join(filter(None, (args.command, getattr(args, "subcommand", None))))
    if name in answers:
        with origin.coming_from(origin.Origin(f"ims {name}", origin.new_id())):
            answer = answers[name](args)
        print(json.dumps(answer.data, default=str) if args.json else "\n".join(answer.lines))
        return answer.code
    return serving.run(name, args, started=started, say=print)


if __name__ == "__main__":
    sys.exit(main())
