"""Run as a script: ``grade.py <folder for reports> <arguments of autograder>``, with every trusted process watched."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import watch

HERE = Path(__file__).resolve().parent
WORKER = """
import sys
sys.path.append({here!r})
import runpy, watch
from pathlib import Path
watch.install(Path({report!r}))
runpy.run_module("autograder.checks.worker", run_name="__main__", alter_sys=True)
"""


def main(folder: Path, arguments: list[str]) -> None:
    """Grade by the command line, in this process."""
    watch.install(folder / "supervisor.jsonl")
    from autograder.checks import server
    from autograder.cli import main as command
    from autograder.execution import Programs, pool
    from autograder.pipeline import predictions, refit

    started, read, read_again = subprocess.Popen, predictions.read_predictions, refit.read_refit

    class Subprocess:
        """What the check server needs of the module, its worker watched."""

        DEVNULL, TimeoutExpired = subprocess.DEVNULL, subprocess.TimeoutExpired

        @staticmethod
        def Popen(given: list[str], **options: Any) -> Any:
            place = given.index("-m")
            assert given[place + 1] == "autograder.checks.worker"
            text = WORKER.format(here=str(HERE), report=str(folder / "checks.jsonl"))
            return started([*given[:place], "-c", text, *given[place + 2 :]], **options)

    def reading(source: Any, questions: Any) -> Any:
        kept = folder / f"predictor-{len(list(folder.glob('predictor-*')))}.jsonl"
        shutil.copyfile(Path(source._path) / "watched.jsonl", kept)
        return read(source, questions)

    def reading_again(source: Any, count: int) -> Any:
        kept = folder / f"refit-{len(list(folder.glob('refit-*')))}.jsonl"
        shutil.copyfile(Path(source._path) / "watched.jsonl", kept)
        return read_again(source, count)

    server.subprocess = Subprocess  # type: ignore[assignment]  # it is watched on purpose
    predictions.read_predictions = reading
    refit.read_refit = reading_again
    watched = Programs(prediction="watched_predictor", refit="watched_refitter", path=(HERE,))
    pool.Programs = lambda: watched  # type: ignore[assignment, misc]  # the same
    sys.argv[1:] = arguments
    command()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
