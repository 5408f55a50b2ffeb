"""Random mixtures of platforms, students and copies: no file is lost, nobody gets another's work, later work counts."""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autograder.model import Receipt
from autograder.workspace.layout import Workspace
from autograder.workspace.reading import digest
from tests.pipeline.collect.helpers import archive, blank, course, foreign, put, take, unix_time, work
from tests.pipeline.collect.test_attacks import CLAIMS, EXCHANGE_101, LAYOUTS, METADATA, NAMES, PEOPLE

pytestmark = pytest.mark.slow

FIRST = datetime(2025, 1, 2, tzinfo=UTC)
FILES = [
    "sums.ipynb",
    "sums-Copy1.ipynb",
    "sums (1).ipynb",
    "Copy of sums.ipynb",
    "scratch.IPYNB",
    "sums_v2.ipynb",
    "data.csv",
    "notes.txt",
    "photo.png",
    ".ipynb_checkpoints/sums-checkpoint.ipynb",
    "hw.zip",
    *(name for name in CLAIMS.values() if not name.endswith(".zip")),
    EXCHANGE_101 + "/x.ipynb",
]
KINDS = ("filled", "filled", "blank", "foreign", "broken", "wrong assignment")


@dataclass
class Source:
    """What one student after the other handed in: path → (student, bytes, when)."""

    files: dict[str, tuple[str, bytes, datetime]] = field(default_factory=dict)
    inner: dict[str, bytes] = field(default_factory=dict)

    def notebooks(self) -> dict[str, tuple[str, bytes]]:
        """Return every notebook by its name as receipts have it, with its student."""
        found = {}
        for path, (student, data, _) in self.files.items():
            if path in self.inner:
                found[f"{path} → sums.ipynb"] = (student, self.inner[path])
            elif path.lower().endswith(".ipynb"):
                found[path] = (student, data)
        return found


def made(kind: str, mark: str) -> bytes:
    """A notebook of a kind, whose bytes no other one has."""
    return {
        "filled": lambda: work(f"total = '{mark}'"),
        "foreign": lambda: foreign(f"print('{mark}')"),
        "blank": lambda: blank() + b" " * (1 + int(digest(mark.encode())[:2], 16)),
        "broken": lambda: b"# no " + mark.encode(),
        "wrong assignment": lambda: work(f"total = '{mark}'", assignment="other"),
    }[kind]()


def mixture(seed: int, layout: str) -> Source:
    """Let two students hand in up to six files each, in the manner of one platform."""
    rng = random.Random(seed)
    source = Source()
    for student in NAMES:
        for number in range(rng.randint(1, 6)):
            name = rng.choice(FILES)
            rest = name.replace("/", "_") if LAYOUTS[layout].flat else name
            path = LAYOUTS[layout].wrap(student, rest)
            mark = f"{seed}-{student}-{number}"
            data = made(rng.choice(KINDS), mark) if not name.endswith((".csv", ".txt", ".png")) else mark.encode()
            if name == "hw.zip":
                source.inner[path] = data
                data = zipped({"sums.ipynb": data, "data.csv": b"1"})
            source.files[path] = (student, data, FIRST + timedelta(minutes=rng.randint(0, 5000)))
    return source


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made_:
        for name, data in files.items():
            made_.writestr(zipfile.ZipInfo(name, (1999, 1, 1, 0, 0, 0)), data)
    return stream.getvalue()


def written(folder: Path, source: Source, layout: str, *, packed: bool) -> Path:
    files = {path: data for path, (_, data, _) in source.files.items()}
    if layout == "gradescope":
        files["submission_metadata.yml"] = METADATA
    if packed:
        return archive(
            folder / "in.zip", files, extra={path: unix_time(when) for path, (*_, when) in source.files.items()}
        )
    for path, data in files.items():
        put(folder / "in" / path, data, source.files[path][2] if path in source.files else FIRST)
    return folder / "in"


def kept(space: Workspace, student: str) -> set[bytes]:
    """Return the bytes of all uploads of a student."""
    root = space.submitted_root / student
    return {path.read_bytes() for path in root.rglob("*.ipynb") if ".uploads" in path.parts} if root.is_dir() else set()


def check_nothing_is_lost(space: Workspace, source: Source, receipts: list[Receipt], passed_over: list[str]) -> None:
    said = {receipt.source: receipt for receipt in receipts}
    refused = {receipt.source for receipt in receipts if not receipt.accepted}
    for name, (student, data) in source.notebooks().items():
        if ".ipynb_checkpoints" in name and name in passed_over:
            continue
        assert name in said, f"{name} has no receipt"
        assert data in kept(space, student) or name in refused, f"{name} is lost"
    for path in source.files:
        if path not in source.inner and path not in source.notebooks():
            assert path in said or path in passed_over, f"{path} is not even named"


def check_nobody_has_anothers(space: Workspace, source: Source, receipts: list[Receipt]) -> None:
    owners = {name: student for name, (student, _) in source.notebooks().items()}
    for receipt in receipts:
        own = owners.get(receipt.source) or source.files[receipt.source][0]
        assert receipt.student in (own, "unknown"), receipt
    for student in NAMES:
        others = {data for owner, data in source.notebooks().values() if owner != student}
        assert not kept(space, student) & others


def check_the_right_one_counts(space: Workspace, receipts: list[Receipt]) -> None:
    """Filled before blank; among filled ones of a student, none is later than the one that counts."""
    groups: dict[tuple[str, str], list[Receipt]] = {}
    for receipt in receipts:
        if receipt.accepted:
            groups.setdefault((receipt.student, receipt.assignment), []).append(receipt)
    for (student, assignment), group in groups.items():
        (chosen,) = [receipt for receipt in group if receipt.counts]
        assert digest(space.submitted(student, assignment).read_bytes()) == chosen.sha256
        if any(receipt.answered and receipt.matches for receipt in group):
            assert chosen.answered and chosen.matches, group
            usual = [
                receipt
                for receipt in group
                if receipt.answered and receipt.matches and ".ipynb_checkpoints" not in receipt.source
            ]
            latest = max(usual, key=lambda one: one.received_at, default=chosen)
            assert not usual or latest.received_at[:16] == chosen.received_at[:16], group
            plausible = {receipt.sha256 for receipt in usual}
            assert len(plausible) < 2 or chosen.flags or chosen.time_can_cost, "a person is notified"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_mixtures(tmp_path: Path, layout: str) -> None:
    for seed in range(3):
        folder = tmp_path / str(seed)
        source = mixture(seed, layout)
        space = course(folder, people=PEOPLE)
        path = written(folder, source, layout, packed=seed % 3 != 2)
        passed_over: list[str] = []
        receipts = take(space, path, on_passed_over=passed_over.extend)
        check_nothing_is_lost(space, source, receipts, passed_over)
        check_nobody_has_anothers(space, source, receipts)
        check_the_right_one_counts(space, receipts)
        before = {file: file.read_bytes() for file in space.output.rglob("*") if file.is_file()}
        again = take(space, path)
        assert [one.counts for one in again] == [one.counts for one in receipts]
        assert {file: file.read_bytes() for file in space.output.rglob("*") if file.is_file()} == before


def test_a_copy_that_jupyter_keeps_counts_only_where_there_is_no_other(tmp_path: Path) -> None:
    hidden = ".ipynb_checkpoints/sums-checkpoint.ipynb"
    files = {
        f"ada/{hidden}": work("total = 1"),
        "ada/sums.ipynb": work("total = 2"),
        f"bob/{hidden}": work("total = 3"),
        "bob/sums.ipynb": blank(),
        f"cyd/{hidden}": work("total = 4"),
        f"dan/{hidden}": work("total = 5"),
        "dan/sums.ipynb": work("total = 5"),
    }
    late = {f"ada/{hidden}": unix_time(datetime(2025, 1, 12, tzinfo=UTC))}
    space = course(tmp_path)
    receipts = take(space, archive(tmp_path / "in.zip", files, extra=late))
    counting = {receipt.student: receipt for receipt in receipts if receipt.counts}
    assert counting["ada"].source == "ada/sums.ipynb" and not counting["ada"].flags
    assert counting["bob"].source == f"bob/{hidden}" and counting["cyd"].source == f"cyd/{hidden}"
    assert counting["dan"].source == "dan/sums.ipynb" and sum(receipt.student == "dan" for receipt in receipts) == 1


def test_files_without_a_receipt_are_named(tmp_path: Path) -> None:
    passed_over: list[str] = []
    files = {
        "ada/sums.ipynb": work(),
        "ada/data.csv": b"1",
        "ada/hw.zip": zipped({"a.txt": b"x"}),
        "README.md": b"",
        "bob_12_34_photo.png": b"x",
        "eve/empty.zip": zipped({}),
    }
    space = course(tmp_path)
    receipts = take(space, archive(tmp_path / "in.zip", files), on_passed_over=passed_over.extend)
    assert set(passed_over) == {"ada/data.csv", "ada/hw.zip → a.txt", "README.md"}
    refused = {receipt.source: receipt.reason or "" for receipt in receipts if not receipt.accepted}
    assert "not a notebook" in refused["bob_12_34_photo.png"] and "without files" in refused["eve/empty.zip"]


def test_a_notebook_without_metadata_goes_where_its_cells_are_from(tmp_path: Path) -> None:
    import json

    space = course(tmp_path)
    release = json.loads(work(assignment="other"))
    release["cells"] = [
        {
            "cell_type": "markdown",
            "id": "own",
            "source": "Quite another text.",
            "metadata": {
                "nbgrader": {
                    "grade": False,
                    "solution": False,
                    "locked": True,
                    "task": False,
                    "grade_id": "own",
                    "schema_version": 3,
                }
            },
        }
    ]
    put(space.release("other"), json.dumps(release).encode())
    stripped = json.loads(work())
    del stripped["metadata"]["autograder"]
    names = {"x_12_34_hw.ipynb": stripped, "ada/other/hw.ipynb": stripped}
    (canvas, named) = take(
        space, archive(tmp_path / "in.zip", {name: json.dumps(one).encode() for name, one in names.items()})
    )
    assert {(one.student, one.assignment) for one in (canvas, named) if one.accepted} == {
        ("12", "sums"),
        ("ada", "other"),
    }


def test_canvas_numbers_later_files_higher(tmp_path: Path) -> None:
    """All files of a download have one time; the number that Canvas gave to a file tells which came later."""
    for number, order in enumerate(((98, 99), (99, 98))):
        files = {
            f"ada_12_{order[0]}_sums.ipynb": work("total = 1"),
            f"ada_12_{order[1]}_sums-1.ipynb": work("total = 2"),
        }
        space = course(tmp_path / str(number))
        (chosen,) = [one for one in take(space, archive(tmp_path / f"{number}.zip", files)) if one.counts]
        assert "_99_" in chosen.source and chosen.flags and chosen.file_number == 99
