"""Every piece of background work carries its council."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from procrastinate.contrib.django import app

from ims_kernel.jobs.task import CouncilTask
from tests.architecture.source import Source, parse, sources

# Work of the platform itself, which belongs to no council, by the task's name. Add one on purpose.
PLATFORM_TASKS = {
    # Goes round the open councils and enters each.
    "ims_tenants.tasks.dispatch",
    # procrastinate's own; deletes finished jobs.
    "builtin:procrastinate.builtin_tasks.remove_old_jobs",
}
TASK_MODULE = "ims_kernel.jobs.task"


def registered() -> dict[str, Any]:
    for source in sources():
        if source.module.rsplit(".", 1)[-1] == "tasks":
            import_module(source.module)
    return {task.name: task for task in app.tasks.values()}


def test_every_task_is_a_councils() -> None:
    tasks = registered()
    assert tasks, "No task was found: where did the tasks.py of the apps go?"
    strangers = [
        name
        for name, task in tasks.items()
        if not isinstance(getattr(task.func, "__self__", None), CouncilTask)
        and name not in PLATFORM_TASKS
    ]
    assert not strangers, (
        f"Make these with @council_task, so that they enter their council: {', '.join(strangers)}."
    )


def raw_tasks(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and "procrastinate" in (node.module or ""):
            names = {alias.name for alias in node.names}
            if names & {"app", "App"}:
                yield f"{source.path}:{node.lineno}"


def test_only_the_kernel_knows_the_queue() -> None:
    found = [
        place
        for source in sources()
        if not source.module.startswith(("ims_kernel.jobs.", "ims_config."))
        for place in raw_tasks(source)
    ]
    assert not found, f"Use ims_kernel.jobs.task.council_task instead: {', '.join(found)}."
    assert list(raw_tasks(parse("from procrastinate.contrib.django import app\n")))


def test_tasks_only_load_and_call() -> None:
    """A task loads by id and calls one service: no queries of its own."""
    found = [
        source.path
        for source in sources()
        if source.module.rsplit(".", 1)[-1] == "tasks"
        and ("objects" in {n.attr for n in ast.walk(source.tree) if isinstance(n, ast.Attribute)})
    ]
    assert not found, f"Move the query into a selector or service: {', '.join(found)}."
