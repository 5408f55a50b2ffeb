"""The packages that a course requires, in an image that is built for it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from autograder.container import Engine, Launch, run_command
from tests.container.conftest import PATIENCE, autograder, base_image

pytestmark = [pytest.mark.slow, pytest.mark.container, pytest.mark.rotates(part=2)]
IMAGE = "localhost/autograder-packages:test"


def test_an_image_has_the_locked_packages_of_its_course(
    engine: list[str], image: str, build_options: list[str], tmp_path: Path,
) -> None:
    """`image` comes first: this build shares its layers up to the libraries."""
    (tmp_path / "assignments").mkdir()
    (tmp_path / "reference").mkdir()
    (tmp_path / "course.yml").write_text("id: c\ntitle: C\nassignments: {}\nrequirements: [kt-legacy]\n")
    command = ["--course", str(tmp_path), "container", "build", "--image", IMAGE, "--base", base_image(engine),
               *build_options]
    refused = autograder(*command, patience=PATIENCE)
    assert refused.returncode == 2 and "run `autograder build`" in " ".join(refused.stderr.split()), refused.stderr

    (tmp_path / "reference" / "requirements.lock").write_text("# asked: kt-legacy\nkt-legacy==1.0.5\n")
    built = autograder(*command, patience=PATIENCE)
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    described = Engine(name="podman" if "podman" in engine[0] else "docker", program=tuple(engine), uid=0, gid=0)
    versions = {}
    for name in (image, IMAGE):
        launch = Launch(image=name, options=("--entrypoint", "python"))
        look = "from autograder.installed import versions_of; print(versions_of(['kt-legacy']).get('kt-legacy'))"
        done = subprocess.run(run_command(described, launch, ["-c", look]), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=600, check=False)
        versions[name] = (done.stdout.strip(), done.stderr[-500:] if done.returncode else "")
    assert versions == {image: ("None", ""), IMAGE: ("1.0.5", "")}
