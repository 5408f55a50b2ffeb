"""The wheel, installed into a fresh environment and used elsewhere as docs/authoring/first-assignment.md says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from autograder.authoring import kinds
from autograder.pipeline.containers.run import CONTEXT

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/authoring/first-assignment.md").read_text(encoding="utf-8")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A fresh environment with the wheel; its dependencies are those of this one, which take minutes to install."""
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    subprocess.run([sys.executable, "-m", "pip", f"--python={python}", "install", "--quiet", "--no-deps", "--no-index",
                    wheel], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    # Not read as a folder of packages with .pth files, so this checkout, installed to be edited, is not visible there.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    own = ("PYTHON", "AUTOGRADER", "VIRTUAL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return kept | {"PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def blocks() -> str:
    """Return the commands of the page after its installation, as they are there."""
    shown = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    assert shown[0].splitlines()[-1] == "pip install 'keras-autograder[cpu,student]'"
    return "".join(shown[1:])


def test_the_wheel_has_what_a_course_needs(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    templates = ROOT / "autograder/authoring/templates"
    expected = {path.relative_to(ROOT).as_posix() for path in templates.rglob("*") if path.is_file()}
    expected |= {f"autograder/container/context/{name}" for name in CONTEXT}
    expected |= {"autograder/container/Dockerfile", "autograder/feedback/templates/page.html.j2"}
    assert not expected - names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "assignments/", "docs/"))]
    # Student code may read the installed package.
    assert not [name for name in names if "mlp-digits" in name]


@pytest.mark.rotates(parts=4)
@pytest.mark.parametrize("like", kinds())
def test_a_first_assignment_as_the_page_says(like: str, environment: dict[str, str], tmp_path: Path) -> None:
    script = blocks()
    assert "--like images" in script
    script = script.replace("--like images", f"--like {like}")
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, env=environment, text=True,
                          capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "proved" in done.stderr
    # The page's last command: the checks were never audited, and nothing else is to be done.
    assert "autograder audit my-network" in done.stderr
    released = tmp_path / "intro/release/my-network/my-network.ipynb"
    assert "YOUR CODE HERE" in released.read_text() and "BEGIN SOLUTION" not in released.read_text()
    assert audited(tmp_path / "intro", environment)


def audited(course: Path, environment: dict[str, str]) -> bool:
    """Audit the template: every variant is as it declares, and every check catches a mistake. Then nothing is due."""
    done = subprocess.run(["autograder", "audit", "--json", "--seeds", "1"], cwd=course, env=environment, text=True,
                          capture_output=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    status = subprocess.run(["autograder", "status"], cwd=course, env=environment, text=True, capture_output=True,
                            check=True)
    assert status.stdout == "Nothing to do: everything is up to date.\n", status.stderr
    (matrix,) = json.loads(done.stdout)
    return bool(matrix["clean"])


def test_an_image_can_be_built_from_the_installed_package(environment: dict[str, str], tmp_path: Path) -> None:
    code = ("from autograder.pipeline.containers.run import build_context\nwith build_context() as context:\n"
            "    print(*sorted(path.name for path in context.iterdir()))\n"
            "    assert (context / 'autograder/container/Dockerfile').is_file()\n"
            "    print(context)")
    names, folder = run_python(code, environment, tmp_path).splitlines()
    assert names.split() == sorted([*CONTEXT, "autograder"])
    assert not Path(folder).exists()


@pytest.mark.rotates(part=3)
def test_the_demo_runs_in_an_empty_folder(environment: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(["autograder", "demo", "--json"], cwd=tmp_path, env=environment, text=True,
                          capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    scores = {one["student"]: one["points"] for one in json.loads(done.stdout)}
    best = scores["amira"]
    assert best == scores["bela"] == scores["chidi"] and best > 10
    assert all(0 < scores[name] < best for name in ("emil", "fatou", "goran", "hana"))
    assert scores["jonas"] == 0 and not scores["kofi"] and scores["nadia"] == 0
    assert 0 < scores["abena"] < best, "the later tasks continue from correct arrays"
    assert (tmp_path / "demo/feedback/emil/bars/bars.html").is_file()
    assert {path.name for path in tmp_path.iterdir()} == {"demo"}
    again = subprocess.run(["autograder", "demo", "--json"], cwd=tmp_path, env=environment, text=True,
                           capture_output=True, check=False)
    assert again.returncode == 0 and json.loads(again.stdout) == json.loads(done.stdout)


def run_python(code: str, environment: dict[str, str], folder: Path) -> str:
    done = subprocess.run(["python", "-c", code], cwd=folder, env=environment, text=True, capture_output=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
