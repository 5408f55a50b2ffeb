"""The examples for Slurm and Kubernetes name commands and options that exist, and confine what they start."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from autograder.cli.worker import worker
from autograder.remote.local_cluster import PRELOAD

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "operating" / "deploy"
SLURM = FOLDER / "slurm-workers.sh"
OPTIONS = {name for parameter in worker.params if isinstance(parameter, click.Option) for name in parameter.opts}


def manifests() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((FOLDER / "kubernetes.yaml").read_text()))


def containers() -> list[dict[str, Any]]:
    cluster, gpus, _ = manifests()
    specs = (cluster["spec"]["worker"], cluster["spec"]["scheduler"], gpus["spec"]["worker"])
    return [one for spec in specs for one in spec["spec"]["containers"]]


def test_the_slurm_script_is_a_script_of_options_that_exist() -> None:
    subprocess.run(["bash", "-n", SLURM], check=True)
    text = SLURM.read_text()
    used = {name for line in text.splitlines() if line.strip().startswith("exec autograder worker")
            for name in re.findall(r"--[a-z]+", line)}
    assert used and used <= OPTIONS
    assert all(re.fullmatch(r"#SBATCH --[a-z-]+(=\S+)?", line) for line in text.splitlines() if "#SBATCH" in line)


def test_the_slurm_script_says_what_it_needs() -> None:
    done = subprocess.run(["bash", SLURM], capture_output=True, text=True, env={"PATH": "/bin:/usr/bin"}, check=False)
    assert done.returncode == 1 and "name the scheduler" in done.stderr


def test_the_manifest_is_of_the_operators_kinds() -> None:
    cluster, gpus, policy = manifests()
    assert [one["kind"] for one in (cluster, gpus, policy)] == ["DaskCluster", "DaskWorkerGroup", "NetworkPolicy"]
    assert {cluster["apiVersion"], gpus["apiVersion"]} == {"kubernetes.dask.org/v1"}
    assert gpus["spec"]["cluster"] == cluster["metadata"]["name"]
    assert {port["port"] for port in cluster["spec"]["scheduler"]["service"]["ports"]} == {8786, 8787}
    assert policy["spec"]["policyTypes"] == ["Ingress"]


@pytest.mark.parametrize("container", containers(), ids=lambda one: f"{one['name']} in {one['image']}")
def test_each_container_is_confined_and_runs_what_exists(container: dict[str, Any]) -> None:
    program, verb, *arguments = container["command"]
    if program == "dask":
        assert (verb, arguments) == ("scheduler", ["--preload", PRELOAD])
    else:
        assert (program, verb) == ("autograder", "worker")
        assert {name for name in arguments if name.startswith("--")} <= OPTIONS
    confined = container["securityContext"]
    assert confined["runAsNonRoot"] and confined["readOnlyRootFilesystem"]
    assert confined["allowPrivilegeEscalation"] is False and confined["capabilities"] == {"drop": ["ALL"]}
