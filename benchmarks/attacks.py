"""The attack corpus against `nbgrader autograde` and `otter run`, each attack in a container of its own.

    python -m benchmarks.attacks [NAME…|FAMILY…] [--rival nbgrader|otter] [--jobs 2] [--again] [--write]

Never on the host: without podman or docker and the image of `autograder container build` it says so and ends. What was
run before stands in .cache/attacks.jsonl and is run again only where attack, tests or image have changed. `--write`,
which takes the whole corpus and both rivals, writes the table into docs/operating/security.md.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from autograder.container.engine import Engine
from autograder.errors import AutograderError, ExecutionError
from benchmarks import attacks_asserts, attacks_course, attacks_inside
from benchmarks.attacks_container import IMAGE, Reply, engine, grade
from benchmarks.attacks_course import RIVALS, Bench, make_bench
from benchmarks.attacks_judge import FACTS, FAMILIES, Form, Outcome, judge, page, put_between, unfair
from tests.attacks.attack import ROOT, AttackError, load_corpus, read_attack

FORMS = Path(__file__).resolve().parent / "attacks_rivals"
PAGE = ROOT / "docs" / "operating" / "security.md"
KEPT = ROOT / ".cache" / "attacks.jsonl"
_AGAINST = re.compile(r"^Against: (?P<rivals>[a-z, ]+)\. Form of: (?P<of>[a-z_]+)\.$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where attacks run, and how long a rival may take for one."""

    engine: Engine
    image: str
    bench: Bench
    seconds: float

    def grade(self, rival: str, student: str, upload: bytes) -> Reply:
        """Let a rival grade one upload in a new container."""
        return grade(self.engine, image=self.image, folder=self.bench.folder, rival=rival, student=student,
                     upload=upload, seconds=self.seconds)


def load_forms(folder: Path = FORMS) -> list[Form]:
    """Return the attacks of the three families, then the forms that some have against a rival.

    Raises:
        AttackError: a form does not say which rival it is against, or of which attack it is a form.
    """
    corpus = [attack for attack in load_corpus() if attack.family in FAMILIES]
    names = {attack.name for attack in corpus}
    made = [Form(attack=attack, against=RIVALS) for attack in corpus]
    for path in sorted(folder.glob("*/*.py")):
        told = _AGAINST.search(path.read_text())
        rivals = tuple(told["rivals"].split(", ")) if told else ()
        if told is None or told["of"] not in names or not set(rivals) <= set(RIVALS) or path.stem in names:
            raise AttackError(f"{path.stem} needs a name of its own and a line `Against: nbgrader, otter. Form of: "
                              "NAME.` with an attack of the corpus.")
        made.append(Form(attack=read_attack(path), against=rivals, of=told["of"]))
    return made


def chosen(forms: Sequence[Form], names: Sequence[str]) -> list[Form]:
    """Return the forms that are named, or whose family or attack of the corpus is.

    Raises:
        AttackError: a name is unknown.
    """
    found = [form for form in forms if not names or {form.attack.name, form.attack.family, form.of} & set(names)]
    known = {word for form in forms for word in (form.attack.name, form.attack.family)}
    if missing := sorted(set(names) - known):
        raise AttackError(f"{missing[0]} is neither an attack nor one of the families {', '.join(FAMILIES)}.")
    return found


def key(form: Form, rival: str, image: str) -> str:
    """Return what an outcome depends on: the attack, the hidden tests, how the rival is run, the image."""
    settings = (rival, image, attacks_asserts.SETUP, attacks_asserts.ASSERTS, attacks_course.CONFIG,
                attacks_course.OTTER_CONFIG, attacks_course.INIT)
    made = hashlib.blake2b(repr(settings).encode(), digest_size=12)
    for path in (form.attack.path, Path(attacks_inside.__file__)):
        made.update(path.read_bytes())
    return made.hexdigest()


def kept(path: Path = KEPT, *, limit: float = 0.0) -> dict[str, Outcome]:
    """Return the outcomes of earlier runs by key, but none that ran out of less time than ``limit`` seconds."""
    lines = path.read_text().splitlines() if path.is_file() else []
    found = {line.pop("key"): Outcome.from_dict(line) for line in map(json.loads, lines)}
    return {key: one for key, one in found.items() if one.code is not None or one.seconds >= limit}


def prove(place: Place, rivals: Sequence[str], jobs: int = 1) -> None:
    """Raise unless each rival gives the solution full marks and the blank notebook none.

    Raises:
        ExecutionError: the comparison would be void.
    """
    for rival in rivals:
        with ThreadPoolExecutor(jobs) as pool:
            solution, blank = pool.map(
                lambda upload: place.grade(rival, "someone", upload),  # noqa: B023  (used up in this turn)
                [place.bench.honest(rival, solution=solved) for solved in (True, False)])
        if why := unfair(rival, solution, blank):
            raise ExecutionError(f"The comparison would be void: {why}")


def run(place: Place, todo: Sequence[tuple[Form, str]], jobs: int = 1) -> Iterator[Outcome]:
    """Yield what became of forms against rivals as they end, some run side by side."""
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(jobs) as pool:
        def one(form: Form, rival: str) -> Outcome:
            upload = place.bench.upload(form.attack, rival, Path(scratch))
            return judge(form, rival, place.grade(rival, form.attack.name, upload), place.bench.canaries)

        try:
            for future in as_completed([pool.submit(one, form, rival) for form, rival in todo]):
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # an engine that fails once fails for all that wait


def facts(outcomes: Sequence[Outcome]) -> str:
    """Return what the reader of the table has to know."""
    return FACTS.format(nbgrader=importlib.metadata.version("nbgrader"), count=len(outcomes),
                        otter=importlib.metadata.version("otter-grader"),
                        late=sum(outcome.code != 0 for outcome in outcomes))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; return the exit code."""
    given = _options(arguments)
    try:
        return _main(given)
    except AutograderError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except AttackError as error:
        print(error, file=sys.stderr)
        return 2


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attacks", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="attacks or families; all without")
    parser.add_argument("--rival", choices=RIVALS, help="one of the two; both without")
    parser.add_argument("--engine", help="podman, docker, or a path to one of them")
    parser.add_argument("--image", default=IMAGE, help="the autograder's image (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="containers side by side (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=300, help="of a rival for one attack (default: %(default)s)")
    parser.add_argument("--again", action="store_true", help="run also what has not changed")
    parser.add_argument("--write", action="store_true", help="write the table into docs/operating/security.md")
    return parser.parse_args(arguments)


def _main(given: argparse.Namespace) -> int:
    whole = load_forms()
    forms = chosen(whole, given.names)
    if given.write and (given.names or given.rival):
        raise AttackError("--write takes the whole corpus and both rivals: leave out names and --rival.")
    rivals = (given.rival,) if given.rival else RIVALS
    found = engine(given.engine, given.image)
    image = subprocess.run([*found.program, "image", "inspect", "--format", "{{.Id}}", given.image], text=True,
                           capture_output=True, check=True).stdout.strip()
    earlier = {} if given.again else kept(limit=given.seconds)
    wanted = [(form, rival) for form in forms for rival in rivals if rival in form.against]
    keys = {(rival, form.attack.name): key(form, rival, image) for form, rival in wanted}
    todo = [(form, rival) for form, rival in wanted if keys[rival, form.attack.name] not in earlier]
    outcomes = [earlier[one] for one in keys.values() if one in earlier]
    outcomes += _run_all(found, given, todo, keys)
    for outcome in sorted(outcomes, key=lambda one: (one.rival, one.name)):
        print(f"{outcome.rival:9} {outcome.name:34} {outcome.words()}")
    print(f"{sum(one.through for one in outcomes)} of {len(outcomes)} got through; {len(todo)} run now")
    if given.write:
        PAGE.write_text(put_between(PAGE.read_text(), page(forms, outcomes, facts(outcomes))))
    return 0


def _run_all(found: Engine, given: argparse.Namespace, todo: Sequence[tuple[Form, str]],
             keys: Mapping[tuple[str, str], str]) -> list[Outcome]:
    """Run what is to do, and keep each outcome as soon as it is there."""
    if not todo:
        return []
    with tempfile.TemporaryDirectory(prefix="rivals-") as folder:
        Path(folder).chmod(0o755)
        place = Place(engine=found, image=given.image, bench=make_bench(Path(folder) / "bench"), seconds=given.seconds)
        prove(place, sorted({rival for _, rival in todo}), given.jobs)
        KEPT.parent.mkdir(exist_ok=True)
        outcomes = []
        with KEPT.open("a") as file:
            for outcome in run(place, todo, given.jobs):
                file.write(json.dumps({"key": keys[outcome.rival, outcome.name]} | outcome.to_dict()) + "\n")
                file.flush()
                print(f"{outcome.seconds:4.0f} s {outcome.rival:9} {outcome.name:34} {outcome.words()}", flush=True)
                outcomes.append(outcome)
    return outcomes


if __name__ == "__main__":
    sys.exit(main())
