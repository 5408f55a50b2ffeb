"""What `autograder doctor` says: every case from faked facts, and once about this machine."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import doctor as command
from autograder.cli.main import _run
from autograder.model import Isolation
from autograder.pipeline import doctor
from autograder.pipeline.doctor import Engine, Seen, diagnose
from autograder.sandbox.isolation import features
from autograder.sandbox.isolation.gpu import Gpu, Gpus
from autograder.sandbox.isolation.kernel import Kernel, cgroups

GOOD = Kernel(release="6.12.1-generic", landlock=6, cgroups="v2", delegated=True, user_namespaces=1000)
NO_GPU = Gpus(refusal="there is no NVIDIA GPU here (no /dev/nvidia0)", fix="run on a machine with one")
SEEN = Seen(kernel=GOOD, gpus=NO_GPU, engines=(Engine(name="podman", version="5.0.1"),), cores=4, python="3.12.1",
            packages={"keras": "3.15", "numpy": "2.4", "nbgrader": "0.9.6", "pytest": "9"}, data=Path("/d/mnist.npz"))
EPERM = "unshare: Operation not permitted"


def kernel(**changes: Any) -> Kernel:
    return replace(GOOD, **changes)


def feature(name: str, **changes: Any) -> features.Feature:
    return next(one for one in features.explain(kernel(**changes)) if one.name == name)


def finding(name: str, **changes: Any) -> doctor.Finding:
    return next(one for one in diagnose(replace(SEEN, **changes)).findings if one.name == name)


@pytest.mark.parametrize("changes, fix", [
    ({"user_namespaces": 0}, "`sudo sysctl -w user.max_user_namespaces=15000`"),
    ({"unprivileged_clone": 0}, "`sudo sysctl -w kernel.unprivileged_userns_clone=1`"),
    ({"apparmor_restricts": 1}, "`sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`"),
    ({"container": "docker"}, "--security-opt seccomp=unconfined"),
    ({"container": "podman"}, "--security-opt unmask=ALL"),
    ({"container": "docker", "apparmor_restricts": 1}, "--security-opt apparmor=unconfined"),
    ({"container": "podman", "user_namespaces": 0}, "user.max_user_namespaces=15000"),
    ({"supported": False, "system": "darwin on arm64"}, "autograder container run"),
    ({}, "unshare --user"),
])
def test_namespaces_that_are_refused_are_fixed_where_they_were_turned_off(changes: dict[str, Any], fix: str) -> None:
    found = feature("namespaces", refusal=EPERM, **changes)
    assert not found.available and fix in str(found.fix)
    assert EPERM in found.detail and "fill the disk" in found.detail


@pytest.mark.parametrize("changes", [{"unprivileged_clone": 0}, {"apparmor_restricts": 1}])
def test_switches_for_unprivileged_users_are_no_matter_to_root(changes: dict[str, Any]) -> None:
    assert "sysctl" not in str(feature("namespaces", refusal=EPERM, root=True, **changes).fix)


def test_a_switch_that_is_off_is_no_trouble_where_the_trial_went_well() -> None:
    found = feature("namespaces", apparmor_restricts=1, unprivileged_clone=0)
    assert found.available and found.fix is None


@pytest.mark.parametrize("changes, fix", [
    ({"release": "5.10.0-28-amd64"}, "Linux 5.13 or newer (this is 5.10.0-28-amd64)"),
    ({"lsm": "capability,yama,apparmor"}, "`lsm=landlock,capability,yama,apparmor`"),
    ({"container": "docker"}, "--security-opt seccomp=unconfined"),
    ({}, "CONFIG_SECURITY_LANDLOCK=y"), ({"supported": False}, "autograder container run"),
])
def test_landlock_that_is_missing(changes: dict[str, Any], fix: str) -> None:
    found = feature("landlock", landlock=0, **changes)
    assert not found.available and fix in str(found.fix) and "protect files" in found.detail


@pytest.mark.parametrize("abi, available, says", [
    (7, True, "signals stay inside"), (6, True, "signals stay inside"), (5, False, "version 5 is too old"),
    (1, False, "version 1 is too old"), (0, False, "there is no Landlock"),
])
def test_landlock_that_is_too_old_for_signals(abi: int, available: bool, says: str) -> None:
    found = feature("landlock-scopes", landlock=abi)
    assert found.available is available and says in found.detail
    assert available or "Linux 6.12 or newer, or run as root" in str(found.fix)


@pytest.mark.parametrize("changes, available, detail, fix", [
    ({"cgroups": "v2", "delegated": True}, True, "a group of its own", None),
    ({"cgroups": "v2", "delegated": True, "crowded": True}, False, "other programs", "systemd-run --user --scope"),
    ({"cgroups": "v2", "delegated": False}, False, "not delegated", "Delegate=cpu memory pids"),
    ({"cgroups": "v1", "delegated": True}, False, "version 1", "systemd.unified_cgroup_hierarchy=1"),
    ({"cgroups": "none", "delegated": False}, False, "none", "mount -t cgroup2"),
])
def test_control_groups(changes: dict[str, Any], available: bool, detail: str, fix: str | None) -> None:
    found = feature("cgroups", **changes)
    assert found.available is available and found.optional and detail in found.detail
    assert available or "every 50 ms" in found.detail
    assert (found.fix is None) if fix is None else fix in str(found.fix)


def test_a_fix_for_the_shell_keeps_its_escapes() -> None:
    assert r"printf '[Service]\nDelegate" in str(feature("cgroups", delegated=False).fix)


@pytest.mark.parametrize("changes, modes", [
    ({}, ["full", "namespaces", "restricted"]), ({"landlock": 5}, ["full", "namespaces"]),
    ({"landlock": 5, "root": True}, ["full", "namespaces", "restricted"]), ({"landlock": 0}, ["namespaces"]),
    ({"refusal": EPERM}, ["restricted"]), ({"refusal": EPERM, "landlock": 3, "root": True}, ["restricted"]),
    ({"refusal": EPERM, "landlock": 5}, []), ({"refusal": EPERM, "landlock": 0}, []), ({"seccomp": False}, []),
])
def test_modes_follow_from_the_parts(changes: dict[str, Any], modes: list[str]) -> None:
    diagnosis = diagnose(replace(SEEN, kernel=kernel(**changes)))
    assert list(diagnosis.modes) == modes
    assert diagnosis.isolation == (modes[0] if modes else None) and diagnosis.can_grade is bool(modes)
    assert diagnosis.leaves_open == (
        doctor.LEAVES_OPEN[Isolation(modes[0])] if modes else "everything: `grade` refuses without --unsafe")


def test_whatever_is_missing_is_reported_with_its_fix() -> None:
    bare = Seen(kernel=Kernel(supported=False, refusal="no Linux", seccomp=False), gpus=NO_GPU, packages={},
                importable=False)
    for one in diagnose(bare).findings:
        assert one.detail and (one.ok or one.fix), one
        assert "\n" not in one.detail + str(one.fix)


def folder(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_control_groups_are_recognised_by_their_files(tmp_path: Path) -> None:
    second = folder(tmp_path / "two", {
        "cgroup.controllers": "cpu memory pids", "mine/cgroup.controllers": "memory pids", "mine/cgroup.procs": "",
        "bare/cgroup.controllers": "cpu", "bare/cgroup.procs": ""})
    assert cgroups(second, "/mine") == ("v2", True)
    assert cgroups(second, "/bare") == ("v2", False), "without the memory controller nothing can be limited"
    assert cgroups(second, "/gone") == ("v2", False)
    first = folder(tmp_path / "one", {"memory/tasks": "", "unified/cgroup.controllers": ""})
    assert cgroups(first, "/")[0] == "v1", "a hybrid hierarchy has its controllers in version 1"
    assert cgroups(tmp_path / "nothing", None) == ("none", False)


@pytest.mark.parametrize("engines, ok, says", [
    ((Engine(name="podman", version="4.3.1"),), True, "podman 4.3.1"),
    ((Engine(name="docker", refusal="Cannot connect"), Engine(name="podman", version="5"),), True, "podman 5"),
    ((Engine(name="docker", refusal="Cannot connect"),), False, "docker is installed, but does not answer"),
    ((), False, "neither podman nor docker"),
])
def test_container_engines(engines: tuple[Engine, ...], ok: bool, says: str) -> None:
    found = finding("container engine", engines=engines)
    assert found.ok is ok and found.optional and says in found.detail
    assert ok or ("systemctl start docker" if engines else "apt-get install podman") in str(found.fix)


def test_an_engine_that_fails_or_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert doctor._engine("docker") is None
    program = tmp_path / "docker"
    program.write_text("#!/bin/sh\necho 'Cannot connect to the service' >&2; exit 1\n")
    program.chmod(0o755)
    assert doctor._engine("docker") == Engine(name="docker", refusal="Cannot connect to the service")
    program.write_text("#!/bin/sh\necho 27.1.0\n")
    assert doctor._engine("docker") == Engine(name="docker", version="27.1.0")


def test_a_gpu_that_is_seen_and_one_that_is_not() -> None:
    seen = finding("GPU", gpus=Gpus(found=(Gpu("NVIDIA T4", "GPU-1", ()),)))
    assert seen.ok and "NVIDIA T4" in seen.detail
    missing = finding("GPU")
    assert not missing.ok and missing.optional and "left queued" in missing.detail and missing.fix


def test_backend_packages_and_data() -> None:
    assert "pip install '.[torch]'" in str(finding("Keras backend", backend="torch", importable=False).fix)
    assert not finding("Keras backend", importable=False).optional
    assert finding("Keras backend").detail == "tensorflow"
    assert "use those of TensorFlow" in finding("Keras backend", backend="jax").detail, "their origin is never unsaid"
    broken = finding("packages", packages={"keras": "3"})
    assert not broken.ok and "numpy, nbgrader, pytest missing" in broken.detail and "pip install" in str(broken.fix)
    assert finding("MNIST").ok and not finding("MNIST", data=None).ok
    assert "1 core," in finding("machine", cores=1).detail and "4 cores," in finding("machine").detail


def test_the_text_on_the_terminal() -> None:
    text = "\n".join(command.lines(diagnose(replace(SEEN, kernel=kernel(refusal=EPERM, apparmor_restricts=1)))))
    assert "MISSING namespaces" in text and "→ AppArmor turns them off" in text
    assert "--      GPU" in text and "ok      seccomp" in text
    assert "Isolation of student code here: restricted" in text
    assert "names and sizes of files outside" in text
    assert max(map(len, text.splitlines())) <= command.WIDTH + 60, "only a command that cannot be broken is longer"


def test_a_missing_part_that_grading_can_do_without_is_not_called_missing() -> None:
    everything = "\n".join(command.lines(diagnose(replace(SEEN, data=None, engines=()))))
    assert "MISSING" not in everything


def test_this_machine(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code = _run(["--course", str(tmp_path), "doctor", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert doctor.Diagnosis.model_validate(told).can_grade is (code == 0) and code in (0, 3)
    assert code == _run(["--course", str(tmp_path), "doctor"])
    shown = " ".join(capsys.readouterr().out.split())
    for one in told["findings"]:
        assert one["name"] in shown and " ".join(one["detail"].split()) in shown
