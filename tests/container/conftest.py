"""The image, built for real once: with podman or docker, on a base made by debootstrap where none can be pulled.

``AUTOGRADER_TEST_IMAGE`` names an image that is there already; ``AUTOGRADER_TEST_BASE`` a base image to build on. Where
neither is set, the base is made and kept in ``.cache/container``. What pip needs on this machine (its configuration,
certificates, folders of wheels) is mounted for the build and stays out of the image.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.attacks.attack import Attack, load_corpus
from tests.attacks.classroom import Classroom, with_limits
from tests.rotation import commit, turn

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "container"
BASE = "localhost/autograder-base:test"
IMAGE = "localhost/autograder:test"
PATIENCE = 3000  # seconds for a build from nothing, on a busy machine
PARTS = 3
GRADING = 1200  # seconds for a batch, which takes four minutes: one that halts must not use up the whole run's time


def autograder(*arguments: str, patience: float = GRADING, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end."""
    return subprocess.run([sys.executable, "-m", "autograder", *arguments], cwd=ROOT, text=True, capture_output=True,
                          timeout=patience, check=False, **options)  # type: ignore[call-overload, no-any-return]  # passed on


def unhurried(room: Classroom) -> Classroom:
    """Give the attacked course more time: its own limits end attacks soon, but two graders may share this machine.

    It is less than the 45 seconds for which attacks on the clock run, which then would do honest work.
    """
    return with_limits(room, cell="40 s", notebook="300 s")


def attacks_part() -> int | None:
    """Return which third of the attacks is run in containers, from 1; None: all of them.

    ``AUTOGRADER_ATTACKS_PART`` says 1, 2, 3 or all; without it the commit chooses.
    """
    wanted = os.environ.get("AUTOGRADER_ATTACKS_PART", "")
    if wanted == "all":
        return None
    if wanted and wanted not in map(str, range(1, PARTS + 1)):
        raise pytest.UsageError(f"AUTOGRADER_ATTACKS_PART is {wanted!r}; 1 to {PARTS} or all was expected.")
    return int(wanted) if wanted else turn(PARTS) + 1


def chosen_attacks() -> list[Attack]:
    """Return the attacks of the small corpus that are run in containers."""
    part = attacks_part()
    shown = [attack for attack in load_corpus() if "full" in attack.modes]
    return shown if part is None else shown[part - 1 :: PARTS]


def pytest_report_header() -> str:
    """Say which part of the attacks is run in containers."""
    part = attacks_part()
    which = "all" if part is None else f"part {part} of {PARTS}"
    return f"attacks in containers: {which} ({len(chosen_attacks())}), commit {commit()[:12] or 'none'}"


@pytest.fixture(scope="session")
def engine() -> list[str]:
    """The engine's program with its global options."""
    found = next((shutil.which(name) for name in ("podman", "docker") if shutil.which(name)), None)
    if found is None:
        pytest.skip("neither podman nor docker is here: apt-get install podman runc debootstrap")
    program = [found, *(["--runtime", "runc"] if "podman" in found and shutil.which("runc") else [])]
    if subprocess.run([*program, "info"], capture_output=True, check=False).returncode != 0:
        pytest.skip(f"{Path(found).name} is here but does not work: see `{Path(found).name} info`")
    return program


@pytest.fixture(scope="session")
def build_options(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Options of every build: with the same mounts, builds share their layers."""
    mounts = mounts_for_pip(tmp_path_factory.mktemp("pip"))
    return ["--build-option=--network=host", *(f"--build-option={one}" for one in mounts)]


@pytest.fixture(scope="session")
def image(engine: list[str], build_options: list[str]) -> str:
    """The name of the `cpu` image of this checkout."""
    if named := os.environ.get("AUTOGRADER_TEST_IMAGE"):
        return named
    done = autograder("container", "build", "--image", IMAGE, "--base", base_image(engine), *build_options,
                      patience=PATIENCE)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return IMAGE


def base_image(engine: list[str]) -> str:
    """Return the name of an image with Python and nothing else, which is made where there is none."""
    if named := os.environ.get("AUTOGRADER_TEST_BASE"):
        return named
    if subprocess.run([*engine, "image", "inspect", BASE], capture_output=True, check=False).returncode == 0:
        return BASE
    if not (CACHE / "base.tar").is_file():
        if shutil.which("debootstrap") is None or os.geteuid() != 0:
            pytest.skip("no base image: set AUTOGRADER_TEST_BASE, or run as root with debootstrap installed")
        CACHE.mkdir(parents=True, exist_ok=True)
        subprocess.run([ROOT / "tests" / "container" / "make_base.sh", CACHE, sys.executable], check=True,
                       capture_output=True, timeout=PATIENCE)
    subprocess.run([*engine, "import", str(CACHE / "base.tar"), BASE], check=True, capture_output=True)
    return BASE


def mounts_for_pip(folder: Path) -> Iterator[str]:
    """Yield mounts under which pip inside finds what it finds here, whatever that is on this machine."""
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
    settings: dict[str, str] = {}
    for line in listed.stdout.splitlines():
        if match := re.fullmatch(r"(?:global|install|:env:)\.([a-z-]+)='(.*)'", line):
            settings[match[1]] = match[2].replace("\\n", "\n    ")
    (folder / "pip.conf").write_text("".join(
        ["[global]\n", *(f"{key} = {value}\n" for key, value in settings.items() if key != "config-file")]))
    yield f"--volume={folder / 'pip.conf'}:/etc/pip.conf:ro"
    named = [word.removeprefix("file://") for value in settings.values() for word in value.split()]
    certificates = [os.environ.get(name, "") for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")]
    for place in sorted(_outermost(path for path in (*named, *certificates)
                                   if path.startswith("/") and Path(path).exists())):
        yield f"--volume={place}:{place}:ro"


def _outermost(places: Iterable[str]) -> set[str]:
    # A package index says simple/ and keeps its files next to it.
    paths = {Path(place).parent if Path(place).name == "simple" else Path(place) for place in places}
    return {str(path) for path in paths if not any(other in path.parents for other in paths)}
