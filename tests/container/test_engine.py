"""The command lines for docker and podman: every wall is a flag that can be read here."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from autograder.container import Engine, Launch, build_command, find_engine, judge_command, runner_command
from autograder.errors import AutograderError

PODMAN = Engine(name="podman", program=("/usr/bin/podman", "--runtime", "runc"), uid=0, gid=0, open_files=4096)
DOCKER = Engine(name="docker", program=("/usr/bin/docker",), uid=1000, gid=1001, open_files=1024)
ENGINES = pytest.mark.parametrize("engine", [PODMAN, DOCKER], ids=lambda engine: engine.name)


def pairs(command: list[str]) -> set[tuple[str, str]]:
    """Return each word with the one that follows it."""
    return set(itertools.pairwise(command))


def runner(engine: Engine, **options: object) -> list[str]:
    return runner_command(engine, Launch(image="grader:cpu", name="one", **options))  # type: ignore[arg-type]  # passed on


def judge(engine: Engine) -> list[str]:
    return judge_command(engine, Launch(image="grader:cpu", name="two"), ("mini", "--workers=2"), course=Path("/c"),
                         output=Path("/o"), cache=Path("/c/.cache"), data=Path("/d"))


@ENGINES
@pytest.mark.parametrize("command", [runner, judge], ids=["runner", "judge"])
def test_every_container_has_all_walls(engine: Engine, command: object) -> None:
    words = command(engine)  # type: ignore[operator]  # a parameter
    assert {("--network", "none"), ("--cap-drop", "ALL"), ("--security-opt", "no-new-privileges")} <= pairs(words)
    assert {"--read-only", "--rm", "--interactive", "--pids-limit"} <= set(words)
    assert ("--log-driver", "none") in pairs(words), "a log on the host would hold labels and works"
    assert not {"--privileged", "--pid", "--ipc", "--cap-add", "--device"} & set(words)
    assert ("--tmpfs", words[words.index("--tmpfs") + 1]) in pairs(words)
    assert "nosuid,nodev" in words[words.index("--tmpfs") + 1]


@ENGINES
def test_the_runner_is_given_nothing(engine: Engine) -> None:
    words = runner(engine)
    assert not {"--volume", "-v", "--mount", "--env", "-e", "--env-file", "--user", "--userns"} & set(words)
    assert words[-3:] == ["grader:cpu", "container", "worker"]


@ENGINES
def test_the_judge_reads_the_course_and_writes_elsewhere(engine: Engine) -> None:
    words = judge(engine)
    mounts = {second for first, second in pairs(words) if first == "--volume"}
    assert mounts == {"/c:/course:ro", "/d:/data:ro", "/c/.cache:/course/.cache:rw", "/o:/output:rw"}
    assert words[words.index("grader:cpu") + 1:] == [
        "--course", "/course", "--output", "/output", "container", "judge", "mini", "--workers=2"]


def test_nobody_is_root_inside() -> None:
    assert ("--user", "10001:10001") in pairs(judge(PODMAN))
    assert ("--user", "1000:1001") in pairs(judge(DOCKER)) and "--userns" not in judge(DOCKER)
    rootless = Engine(name="podman", program=("podman",), uid=1000, gid=1001)
    assert {("--userns", "keep-id"), ("--user", "1000:1001")} <= pairs(judge(rootless))


def test_a_child_of_podman_may_mount_its_own_proc() -> None:
    assert ("--security-opt", "unmask=ALL") in pairs(runner(PODMAN))
    assert ("--security-opt", "unmask=ALL") not in pairs(runner(DOCKER))


def test_limits_are_not_above_those_of_the_caller() -> None:
    assert ("--ulimit", "nofile=1024:1024") in pairs(runner(DOCKER))


def test_a_gpu_is_named_as_each_engine_names_it() -> None:
    assert ("--device", "nvidia.com/gpu=all") in pairs(runner(PODMAN, gpu=True))
    assert ("--gpus", "all") in pairs(runner(DOCKER, gpu=True))


@ENGINES
def test_own_options_are_handed_on_before_the_image(engine: Engine) -> None:
    words = runner(engine, options=("--cpus=4",))
    assert words.index("--cpus=4") < words.index("grader:cpu")


def test_build_commands() -> None:
    words = build_command(PODMAN, context=Path("/p"), target="cpu", tag="grader:cpu", base="mine:1",
                          options=("--network=host",))
    assert words[:4] == ["/usr/bin/podman", "--runtime", "runc", "build"] and words[-1] == "/p"
    assert {("--target", "cpu"), ("--tag", "grader:cpu"), ("--build-arg", "BASE=mine:1"), ("--format", "docker"),
            ("--file", "/p/autograder/container/Dockerfile")} <= pairs(words)
    assert "--network=host" in words
    plain = build_command(DOCKER, context=Path("/p"), target="gpu", tag="grader:gpu")
    packages = build_command(DOCKER, context=Path("/p"), target="cpu", tag="t", packages=("b==2", "a==1"))
    assert ("--build-arg", "COURSE_PACKAGES=b==2 a==1") in pairs(packages)
    assert ("--target", "gpu") in pairs(plain) and not {"--build-arg", "--format"} & set(plain)


def program(folder: Path, name: str) -> None:
    (folder / name).write_text("#!/bin/sh\n")
    (folder / name).chmod(0o755)


def test_podman_comes_first_and_runc_is_taken_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program(tmp_path, "docker")
    assert find_engine(None, uid=5, gid=6).name == "docker"
    program(tmp_path, "podman")
    assert find_engine(None, uid=5, gid=6).program == (str(tmp_path / "podman"),)
    program(tmp_path, "runc")
    assert find_engine(None, uid=5, gid=6).program[1:] == ("--runtime", "runc")
    assert find_engine("docker", uid=5, gid=6).program == (str(tmp_path / "docker"),)
    assert find_engine(str(tmp_path / "podman"), uid=5, gid=6).is_podman


def test_no_engine_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AutograderError, match="podman or docker on PATH"):
        find_engine(None, uid=0, gid=0)
