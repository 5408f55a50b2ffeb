"""Run as a script: ``grade.py <folder for reports> <arguments of autograder>``, with every trusted process watched."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import watch

HERE = Path(__file__).resolve().parent
WORKER = """
import sys
sys.path.append({here!r})
import runpy, watch
from pathlib import Path
report = watch.install(Path({report!r}))
if {module!r} == "autograder.readers.worker":
    watch.watch_reading(report)
runpy.run_module({module!r}, run_name="__main__", alter_sys=True)
"""


def main(folder: Path, arguments: list[str]) -> None:
    """Grade by the command line, in this process."""
    report = watch.install(folder / "supervisor.jsonl")
    watch.watch_reading(report)
    from autograder import warm_process
    from autograder.cli import main as command
    from autograder.pipeline.grade import predict
    from autograder.pipeline.refit import repeat
    from autograder.pipeline.session import session
    from autograder.sandbox import PoolOptions, Programs

    started, read, read_again = subprocess.Popen, predict.read, repeat.read
    reports = {"autograder.checks.worker": "checks.jsonl", "autograder.readers.worker": "readers.jsonl"}

    class Subprocess:
        """What the warm processes of the trusted side need of the module, their workers watched."""

        DEVNULL, TimeoutExpired = subprocess.DEVNULL, subprocess.TimeoutExpired

        @staticmethod
        def Popen(given: list[str], **options: Any) -> Any:
            place = given.index("-m")
            module = given[place + 1]
            text = WORKER.format(here=str(HERE), report=str(folder / reports[module]), module=module)
            return started([*given[:place], "-c", text, *given[place + 2 :]], **options)

    def reading(step: str, arguments: dict[str, Any], payload: bytes = b"") -> Any:
        kept = folder / f"predictor-{len(list(folder.glob('predictor-*')))}.jsonl"
        shutil.copyfile(Path(arguments["raw"]) / "watched.jsonl", kept)
        return read(step, arguments, payload)

    def reading_again(step: str, arguments: dict[str, Any], payload: bytes = b"") -> Any:
        if step == "trained":
            kept = folder / f"refit-{len(list(folder.glob('refit-*')))}.jsonl"
            shutil.copyfile(Path(arguments["raw"]) / "watched.jsonl", kept)
        return read_again(step, arguments, payload)

    warm_process.subprocess = Subprocess  # type: ignore[assignment, misc]  # it is watched on purpose
    predict.read = reading
    repeat.read = reading_again
    watched = Programs(prediction="watched_predictor", refit="watched_refitter", path=(HERE,))
    session.PoolOptions = partial(PoolOptions, programs=watched)  # type: ignore[assignment, misc]  # the same
    sys.argv[1:] = arguments
    command()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
