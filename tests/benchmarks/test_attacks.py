"""The attack corpus against nbgrader and Otter: what they are given, how it is judged, and two attacks for real."""

from __future__ import annotations

import ast
import doctest
import json
import math
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from autograder.container.engine import Engine
from autograder.errors import AutograderError
from benchmarks import attacks
from benchmarks.attacks_asserts import ASSERTS, POINTS, as_doctest, hidden
from benchmarks.attacks_container import IMAGE, REPLY, Reply, command, engine, read_reply
from benchmarks.attacks_course import (
    for_otter,
    make_bench,
    otter_test,
    task_of,
    with_canary,
    with_hidden_tests,
    write_otter,
)
from benchmarks.attacks_judge import Form, Outcome, judge, page, put_between, unfair
from tests.attacks.attack import FAMILIES, TASKS, Attack, AttackError
from tests.attacks.batch import run_batch
from tests.attacks.classroom import ASSIGNMENT, HERE, make_classroom, offered_modes, stand_in_cache

CANARY = "canary0123456789abcdef01234567"
SOURCE = json.loads((HERE / "course" / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_bytes())
FULL = {task: float(points) for task, points in POINTS.items()}


@pytest.fixture(scope="module")
def forms() -> list[Form]:
    return attacks.load_forms()


def form(name: str, forms: list[Form]) -> Form:
    return next(one for one in forms if one.attack.name == name)


# The rivals' sources


def test_rivals_have_the_tasks_and_points_of_the_attacked_course() -> None:
    points = {task: cell["metadata"]["nbgrader"]["points"] for cell in SOURCE["cells"] if (task := task_of(cell))}
    assert points == POINTS
    assert set(ASSERTS) == set(TASKS)


def test_every_test_cell_of_nbgrader_ends_with_marked_asserts_and_keeps_the_public_ones() -> None:
    made = with_hidden_tests(SOURCE, CANARY)
    for old, new in zip(SOURCE["cells"], made["cells"], strict=True):
        if task := task_of(new):
            assert new["source"].startswith("".join(old["source"]))
            assert new["source"].endswith(f"### BEGIN HIDDEN TESTS\n{hidden(task, CANARY)}### END HIDDEN TESTS")
        else:
            assert new == old


def test_solutions_hold_the_secret_word_and_the_given_notebook_is_left_alone() -> None:
    made = with_canary(SOURCE, CANARY)
    assert json.dumps(made).count(CANARY) == len(POINTS)
    assert CANARY not in json.dumps(SOURCE)


def test_the_notebook_for_otter_asks_for_each_check_once_and_shows_no_solution() -> None:
    made = for_otter(with_canary(SOURCE, CANARY))
    code = [cell["source"] for cell in made["cells"] if cell["cell_type"] == "code"]
    assert code[0].endswith('grader = otter.Notebook("digits-mini.ipynb")')
    assert [text for text in code if text.startswith("grader.check")] == [f'grader.check("{task}")' for task in POINTS]
    assert CANARY not in json.dumps(made)
    assert "SOLUTION" not in "".join(code)


@pytest.mark.parametrize("task", POINTS)
def test_a_doctest_has_one_example_for_each_statement_and_loses_nothing(task: str) -> None:
    code = hidden(task, CANARY)
    examples = doctest.DocTestParser().get_examples(as_doctest(code))
    assert len(examples) == len(ast.parse(code).body)
    assert ast.dump(ast.parse("".join(example.source for example in examples))) == ast.dump(ast.parse(code))
    assert not any(example.want for example in examples)


def test_a_block_is_one_example_of_a_doctest() -> None:
    text = as_doctest("if True:\n    x = 1\nelse:\n    x = 2\n\ny = x\n")
    assert text == ">>> if True:\n...     x = 1\n... else:\n...     x = 2\n>>> y = x"


@pytest.mark.slow
def test_otters_own_reader_takes_the_test_files_with_their_points(tmp_path: Path) -> None:
    from otter.test_files import create_test_file
    from otter.test_files.ok_test import OKTestFile

    path = tmp_path / "fit.py"
    path.write_text(otter_test("fit", CANARY))
    made = OKTestFile.from_file(str(path))
    assert (made.name, made.possible, made.all_public) == ("fit", 4, False)
    assert isinstance(create_test_file(str(path), None), OKTestFile)


def test_the_zip_for_otter_holds_a_test_per_task(tmp_path: Path) -> None:
    write_otter(tmp_path, SOURCE, CANARY)
    with zipfile.ZipFile(BytesIO((tmp_path / "dist" / "autograder.zip").read_bytes())) as archive:
        assert set(archive.namelist()) == {"otter_config.json", *(f"tests/{task}.py" for task in POINTS)}


# The attacks


def test_every_attack_of_the_three_families_is_run_against_both(forms: list[Form]) -> None:
    corpus = [one for one in forms if not one.of]
    assert {one.attack.family for one in corpus} == {"score_channel", "harness", "leakage"}
    assert {one.attack.path.name for one in corpus} == {
        path.name for family in ("score_channel", "harness", "leakage")
        for path in (HERE / "corpus" / family).glob("*.py")}
    assert all(one.against == ("nbgrader", "otter") for one in corpus)


def test_every_other_form_names_its_attack_and_each_rival_has_some(forms: list[Form]) -> None:
    others = [one for one in forms if one.of]
    assert {rival for one in others for rival in one.against} == {"nbgrader", "otter"}
    for one in others:
        origin = form(one.of, forms)
        assert not origin.of
        assert one.attack.honest == ()


@pytest.mark.parametrize("line", ["", "Against: moodle. Form of: exit_hooks.", "Against: otter. Form of: unheard_of."])
def test_a_form_that_does_not_say_what_it_is_a_form_of_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "harness").mkdir()
    (tmp_path / "harness" / "novel.py").write_text(
        f'"""Does something.\n\n{line}\n\nGains: points.\n"""\n\n# %% [reshape]\npass\n')
    with pytest.raises(AttackError, match="novel needs a name of its own and a line"):
        attacks.load_forms(tmp_path)


def test_names_choose_an_attack_with_its_forms_or_a_family(forms: list[Form]) -> None:
    assert {one.attack.name for one in attacks.chosen(forms, ["patched_pickle"])} == {
        "patched_pickle", "results_run_code"}
    assert {one.attack.family for one in attacks.chosen(forms, ["leakage"])} >= {"leakage"}
    assert attacks.chosen(forms, []) == forms
    with pytest.raises(AttackError, match="unheard_of is neither an attack nor"):
        attacks.chosen(forms, ["unheard_of"])


def test_an_outcome_is_kept_until_its_attack_or_the_image_changes(forms: list[Form], tmp_path: Path) -> None:
    one = form("exit_hooks", forms)
    first = attacks.key(one, "otter", "sha256:1")
    assert first == attacks.key(one, "otter", "sha256:1")
    assert len({first, attacks.key(one, "nbgrader", "sha256:1"), attacks.key(one, "otter", "sha256:2"),
                attacks.key(form("quits_the_kernel", forms), "otter", "sha256:1")}) == 4
    path = tmp_path / "attacks.jsonl"
    outcome = Outcome(rival="otter", name="exit_hooks", gained={"fit": 4.0}, seen=("solution",), code=None,
                      seconds=150.0)
    path.write_text(json.dumps({"key": first} | outcome.to_dict()) + "\n")
    assert attacks.kept(path) == {first: outcome}
    assert attacks.kept(path, limit=150) == {first: outcome}
    assert attacks.kept(path, limit=300) == {}  # on a busy machine it may only have been slow
    assert attacks.kept(tmp_path / "nothing") == {}


# The container


def test_a_container_has_no_network_no_rights_and_one_read_only_folder() -> None:
    made = command(Engine(name="podman", program=("podman",), uid=0, gid=0), image="i", folder=Path("/f"), name="n")
    for words in (["--network", "none"], ["--cap-drop", "ALL"], ["--security-opt", "no-new-privileges"], ["--rm"],
                  ["--read-only"], ["--memory", "3g"], ["--volume", "/f:/bench:ro"]):
        assert " ".join(words) in " ".join(made)
    assert made.count("--volume") == 1
    assert "unmask=ALL" not in made
    assert made[-2:] == ["i", "/bench/inside.py"]


def test_without_an_engine_it_says_so_and_runs_nothing(capsys: pytest.CaptureFixture[str],
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert attacks.main(["exit_hooks"]) == 2
    told = capsys.readouterr().err
    assert "podman or docker" in told
    assert len(told.splitlines()) == 1


def test_writing_takes_the_whole_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    assert attacks.main(["exit_hooks", "--write"]) == 2
    assert "leave out names" in capsys.readouterr().err


# A reply is untrusted


@pytest.mark.parametrize("told", [
    b"", b"nonsense", b"[]", b"null", b'{"code": 0}', b"[" * 100_000, b"\xff\xfe",
    b'{"code": 0, "scores": {}, "outputs": "", "said": ""}' + b" " * REPLY,
    b'{"code": 0, "scores": [], "outputs": "", "said": ""}', b'{"code": "0", "scores": {}, "outputs": "", "said": ""}',
    b'{"code": 0, "scores": {"a": "b"}, "outputs": "", "said": ""}',
    b'{"code": 0, "scores": {}, "outputs": ["a"], "said": ""}',
    b'{"code": 0, "scores": {"a": ' + b"9" * 4000 + b'}, "outputs": "", "said": ""}',
], ids=range(13))
def test_a_reply_that_is_none_has_no_scores(told: bytes) -> None:
    reply = read_reply(told, "complaint")
    assert (reply.code, reply.scores, reply.said) == (None, {}, "complaint")


def test_a_reply_is_read() -> None:
    told = json.dumps({"code": 0, "scores": {"fit": 4}, "outputs": "o", "said": "s"}).encode()
    assert read_reply(told, seconds=2.0) == Reply(code=0, scores={"fit": 4.0}, outputs="o", said="s", seconds=2.0)


# Judging


def reply(outputs: str = "", code: int | None = 0, **scores: float) -> Reply:
    named = {name.replace("_", "-"): score for name, score in scores.items()}
    return Reply(code=code, scores=dict.fromkeys(POINTS, 0.0) | named, outputs=outputs)


def judged(forms: list[Form], name: str, told: Reply) -> Outcome:
    return judge(form(name, forms), "otter", told, {"hidden checks": CANARY})


def test_points_of_the_honest_part_are_nobodys_gain(forms: list[Form]) -> None:
    outcome = judged(forms, "patched_keras", reply(build=2))
    assert form("patched_keras", forms).attack.honest == ("build",)
    assert not outcome.through
    assert outcome.words() == "–"


def test_points_of_other_tasks_are_gained(forms: list[Form]) -> None:
    outcome = judged(forms, "patched_keras", reply(build=2, fit=4, evaluate=1))
    assert outcome.gained == {"fit": 4, "evaluate": 1}
    assert outcome.words() == "**5** points"


@pytest.mark.parametrize("score", [1000.0, math.inf, math.nan])
def test_more_points_than_a_task_has_are_gained(forms: list[Form], score: float) -> None:
    assert judged(forms, "patched_keras", reply(build=score)).through


def test_secrets_are_named_by_where_they_lay(forms: list[Form]) -> None:
    outcome = judged(forms, "frames_of_callers", reply(f"In [3]: {CANARY}"))
    assert outcome.seen == ("hidden checks",)
    assert outcome.words() == "sees hidden checks"


def test_an_attack_that_answers_only_when_it_succeeded_reached_something(forms: list[Form]) -> None:
    assert judged(forms, "network_tcp", reply(parameters=1)).words() == "reaches what it tried"
    assert judged(forms, "network_tcp", reply(parameters=1, fit=4)).words() == "**5** points"
    assert judged(forms, "subclassed_numbers", reply(parameters=1)).words() == "**1** point"


def test_a_run_without_a_grade_says_so(forms: list[Form]) -> None:
    assert judged(forms, "aborts", Reply(code=None)).words() == "– (not graded)"


def test_the_comparison_is_void_unless_honest_work_is_graded_rightly() -> None:
    assert unfair("otter", Reply(code=0, scores=FULL), reply()) is None
    assert "points of the solution for fit" in str(unfair("otter", Reply(code=0, scores=FULL | {"fit": 0}), reply()))
    assert "gives the blank notebook ['fit']" in str(unfair("otter", Reply(code=0, scores=FULL), reply(fit=1)))
    assert "no score" in str(unfair("otter", Reply(code=0, scores=FULL), Reply(code=None)))


# The table


def attack(name: str, family: str, claimed: str = "none") -> Attack:
    return Attack(name=name, family=family, path=Path(__file__), what="Does it.", gains="Points.", claimed=claimed)


def test_the_table_counts_families_and_names_what_got_through() -> None:
    made = [Form(attack=attack("one", "harness"), against=("nbgrader", "otter")),
            Form(attack=attack("two", "harness", "open"), against=("nbgrader", "otter")),
            Form(attack=attack("other", "harness"), against=("otter",), of="two"),
            Form(attack=attack("half", "harness"), against=("nbgrader", "otter"))]
    outcomes = [Outcome(rival="nbgrader", name="one", gained={"fit": 4}), Outcome(rival="otter", name="one", code=1),
                Outcome(rival="nbgrader", name="two"), Outcome(rival="otter", name="two"),
                Outcome(rival="otter", name="other", seen=("solution",)), Outcome(rival="otter", name="half")]
    lines = page(made, outcomes, "Facts.\n").splitlines()
    assert lines[0] == "Facts."
    assert "| `harness` | 4 | 1 of 2 | 1 of 4 | 0 (1 keeps claimed points, named above) of 4 |" in lines
    assert "| `one` |  | **4** points | – (not graded) |" in lines
    assert "| `other` | `two` |  | sees solution |" in lines
    assert lines[-1] == "Nothing got through in either, in the form of the corpus: `two`."


def test_the_page_has_a_place_for_the_table(repository: Path) -> None:
    text = (repository / "docs" / "operating" / "security.md").read_text()
    put = put_between(text, "NEW")
    assert "<!-- rivals: begin -->\nNEW\n<!-- rivals: end -->" in put
    assert put.startswith(text.partition("<!-- rivals")[0])
    assert put.endswith(text.rpartition("-->")[2])
    with pytest.raises(ValueError, match="needs the markers"):
        put_between("no markers", "NEW")


def test_the_table_of_the_page_names_only_attacks_that_there_are(repository: Path, forms: list[Form]) -> None:
    text = (repository / "docs" / "operating" / "security.md").read_text().partition("<!-- rivals: begin -->")[2]
    table = text.partition("<!-- rivals: end -->")[0]
    named = {line.split("`")[1] for line in table.splitlines() if line.startswith("| `")}
    assert named <= {one.attack.name for one in forms} | set(FAMILIES)


# For real


@pytest.mark.slow
@pytest.mark.container
@pytest.mark.parametrize(("rival", "wins", "fails"), [
    ("nbgrader", "ast_transformers", "printed_results"), ("otter", "scores_overwritten", "ast_transformers")])
def test_one_attack_gets_through_and_one_does_not(
        rival: str, wins: str, fails: str, tmp_path_factory: pytest.TempPathFactory, forms: list[Form]) -> None:
    try:
        found_engine = engine(None, IMAGE)
    except AutograderError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("rivals")
    for parent in (folder, *folder.parents[:3]):
        parent.chmod(parent.stat().st_mode | 0o555)
    bench = make_bench(folder / "bench")
    place = attacks.Place(engine=found_engine, image=IMAGE, bench=bench, seconds=500)
    attacks.prove(place, [rival])
    found = {outcome.name: outcome for outcome in attacks.run(
        place, [(form(name, forms), rival) for name in (wins, fails)], 1)}
    assert sum(found[wins].gained.values()) >= 5
    assert not found[fails].through
    assert found[fails].code == 0


@pytest.mark.slow
@pytest.mark.alone
def test_the_forms_against_rivals_gain_nothing_here(tmp_path: Path, forms: list[Form]) -> None:
    modes = offered_modes()
    if not modes:
        pytest.skip("this machine offers no isolation")
    others = [one.attack for one in forms if one.of]
    room = make_classroom(tmp_path, stand_in_cache(tmp_path / "stand-in"))
    batch = run_batch(room, others, modes[0], compare=False)
    assert {one.name: batch.problems(one) for one in others} == {one.name: [] for one in others}
    assert batch.left == ()
