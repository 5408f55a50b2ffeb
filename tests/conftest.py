"""What all framework tests share."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from autograder.imports import SLOW, without
from tests import rotation

# As the grader's own processes do: every process of a test run would compile that grammar, which takes seconds.
with without(*SLOW):
    import nbformat  # noqa: F401

ROOT = Path(__file__).resolve().parent.parent

# These machines are shared: how long an example took says nothing about the code under test.
settings.register_profile("shared-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared-machine")


_left: list[str] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what other commits run to them; see `tests.rotation`."""
    if rotation.asked():
        items[:], left = rotation.split(items)
        config.hook.pytest_deselected(items=left)
        _left[:] = [item.nodeid for item in left]


def pytest_report_header() -> str | None:
    """Say that a part of the long tests runs, and which commit chose it."""
    if rotation.asked():
        part = f"part {rotation.turn(rotation.PARTS)} of 0 to {rotation.PARTS - 1}"
        commit = rotation.commit()[:12] or "no commit"
        return f"long tests: {part}, and one case of each test whose cases rotate ({commit}); `make full` runs all"
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was left to other commits."""
    for nodeid in _left:
        terminalreporter.write_line(f"left to other commits: {nodeid}")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The course repository itself: the real `mlp-digits`, read only."""
    return ROOT


@pytest.fixture(scope="session")
def true_mnist() -> Path:
    """A folder with true MNIST; tests that need it are skipped, with this reason, where there is none."""
    folder = os.environ.get("AUTOGRADER_DATA")
    if not folder or not (Path(folder) / "mnist.npz").is_file():
        pytest.skip("true MNIST is not here: set AUTOGRADER_DATA to the folder that holds mnist.npz")
    return Path(folder)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MiB; tests that need one are skipped, with this reason, where none can be mounted."""
    folder = tmp_path / "small-disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here: that takes root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
