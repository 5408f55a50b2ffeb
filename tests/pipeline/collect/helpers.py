"""A small course, notebooks in several states, and sources as platforms make them."""

from __future__ import annotations

import json
import os
import struct
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.model import Receipt
from autograder.pipeline.collect import Kind, collect
from autograder.pipeline.collect.archive import list_entries
from autograder.pipeline.collect.entries import Budget
from autograder.pipeline.collect.identify import identify
from autograder.pipeline.collect.layouts import Layouts
from autograder.pipeline.collect.moments import Moments
from autograder.pipeline.collect.owner import Roster
from autograder.workspace.layout import Workspace, open_workspace

RELEASE = (Path(__file__).parents[2] / "samples" / "submissions" / "release.ipynb").read_bytes()
NOW = datetime(2025, 1, 15, 12, tzinfo=UTC)
ZIP_TIME = (2025, 1, 10, 9, 0, 0)
COURSE = """\
id: sample
title: Sample
assignments:
  sums:
    title: Sums of squares
    due: 2025-01-12T23:59:00+01:00
  other:
    title: Other
collect: {notebook: 1 MiB, archive: 8 MiB, files: 200}
"""


def work(total: str = "total = sum(squares)", **own: Any) -> bytes:
    """A notebook that answers one task; ``own`` replaces parts of its autograder metadata."""
    notebook = json.loads(RELEASE)
    notebook["metadata"]["autograder"].update(own)
    for cell in notebook["cells"]:
        if cell["id"] == "total":
            cell["source"] = total
    return json.dumps(notebook).encode()


def blank() -> bytes:
    """The release, saved again without an answer."""
    return json.dumps(json.loads(RELEASE), indent=2).encode()


def foreign(text: str = "print('my own experiments')") -> bytes:
    """A notebook that has nothing to do with the course."""
    cell = {"cell_type": "code", "id": "mine", "metadata": {}, "source": text, "outputs": [], "execution_count": None}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def course(
    folder: Path, *, students: str | None = None, people: str | None = None, rules: str = "", extensions: str = "",
) -> Workspace:
    """Make the course; ``students`` goes into course.yml, ``people`` is students.csv, ``rules`` are of `sums`."""
    root = folder / "course"
    for name in ("sums", "other"):
        (root / "assignments" / name).mkdir(parents=True)
    (root / "course.yml").write_text(with_rules(rules) + (f"students: [{students}]\n" if students else "") + (
        f"extensions: {extensions}\n" if extensions else ""))
    if people is not None:
        (root / "students.csv").write_text(people, encoding="utf-8")
    space = open_workspace(root, folder / "out")
    put(space.release("sums"), RELEASE)
    put(space.archived_release("sums", "2026.1"), RELEASE)
    put(space.release("other"), work(assignment="other"))
    return space


def with_rules(rules: str) -> str:
    """Return course.yml with further settings of `sums`, such as ``attempts: 2``."""
    lines = [f"    {rule.strip()}\n" for rule in rules.split(";") if rule]
    return COURSE.replace("squares\n", "squares\n" + "".join(lines))


def ruled(space: Workspace, rules: str) -> Workspace:
    """Return the course after its rules were changed."""
    (space.root / "course.yml").write_text(with_rules(rules))
    return open_workspace(space.root, space.output)


def put(path: Path, data: bytes, when: datetime | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    if when is not None:
        os.utime(path, (when.timestamp(), when.timestamp()))
    return path


def archive(
    path: Path, files: Mapping[str, bytes] | list[tuple[str, bytes]], when: tuple[int, ...] = ZIP_TIME,
    extra: Mapping[str, bytes] | None = None,
) -> Path:
    """Write a zip; ``extra`` holds extra fields by name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items() if isinstance(files, Mapping) else files:
            info = zipfile.ZipInfo("placeholder", when)  # type: ignore[arg-type]  # a date out of range
            info.compress_type = zipfile.ZIP_DEFLATED
            info.filename = name
            info.extra = (extra or {}).get(name, b"")
            made.writestr(info, data)
    return path


def unix_time(moment: datetime) -> bytes:
    """The extra field 0x5455, which holds UTC."""
    return struct.pack("<HHBi", 0x5455, 5, 1, int(moment.timestamp()))


def windows_time(moment: datetime) -> bytes:
    """The extra field 0x000a, which holds UTC."""
    ticks = int((moment - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10**7
    return struct.pack("<HHLHHQQQ", 0x000A, 32, 0, 1, 24, ticks, ticks, ticks)


def source(folder: Path, files: Mapping[str, bytes], *, packed: bool) -> Path:
    """Lay files out in a folder or a zip of names that say nothing."""
    if packed:
        return archive(folder / "in.zip", files)
    for name, data in files.items():
        put(folder / "in" / name, data, datetime(*ZIP_TIME, tzinfo=UTC))
    return folder / "in"


def take(space: Workspace, path: Path, **options: Any) -> list[Receipt]:
    """Collect; every refusal must be one sentence."""
    receipts = collect(space, path, **{"now": NOW, **options})
    for receipt in receipts:
        Receipt.from_json(receipt.to_json())
        if not receipt.accepted:
            assert receipt.reason and "\n" not in receipt.reason and receipt.reason.endswith(".")
    return receipts


def named(
    space: Workspace, path: Path, kind: Kind = "auto", earlier: Iterable[str] = ()
) -> dict[str, tuple[str, str, str]]:
    """Return, by name, the student of each file, its time, and why it is refused: without reading any notebook."""
    with ExitStack() as stack:
        entries = list(list_entries(path, Budget(notebook=2**20, archive=2**23, files=2000), stack))
        roster = Roster(space.course, earlier)
        layouts = Layouts(space.course, roster, kind, None, path.stem)
        layouts.prepare(entries)
        moments = Moments(entries, layouts, space.course, "auto", NOW, path.stem)
        return {one.entry.name: (one.student, moments.of(one, None).moment.isoformat(), one.problem or "")
                for one in identify(entries, layouts, roster)}


def counting(receipts: list[Receipt]) -> dict[str, str]:
    """Return, by student, the name of the upload that counts."""
    return {receipt.student: receipt.source for receipt in receipts if receipt.accepted and receipt.counts}


def reasons(receipts: list[Receipt]) -> dict[str, str]:
    """Return, by name, why an upload was refused."""
    return {receipt.source: receipt.reason or "" for receipt in receipts if not receipt.accepted}
