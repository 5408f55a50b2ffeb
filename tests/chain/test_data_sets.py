"""Courses on tables, prices and pictures of their own: released with proof, then graded by the real parts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import CalibrationError, DataError, ReleaseError
from autograder.model import Result, Status
from autograder.notebook.variants import apply_variant, parse_variant
from autograder.pipeline.collect import collect
from autograder.pipeline.experiments.calibrate import calibrate_assignment
from autograder.pipeline.grade.batch import grade_class
from autograder.pipeline.release.proof import prover
from autograder.pipeline.release.release import release_assignment, verify
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.source_notebook import read_source
from autograder.pipeline.session.variant_files import SOLUTION, as_file, make_submission
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import Silent
from tests.support.data_courses import (
    ASSIGNMENT,
    IMAGES,
    OWN_SPLIT,
    PREPARE,
    REGRESSION,
    SCALE,
    TABLE,
    TEXTS,
    TEXTS_INSIDE,
    DataCourse,
    churn_table,
    opinions,
    write_shapes,
)

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def data_folder_of_the_course(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment names the data folder of every course; here each has its own."""
    monkeypatch.delenv("AUTOGRADER_DATA", raising=False)


def made(course: DataCourse, root: Path) -> Workspace:
    """Return the course with its data, released with proof."""
    course.write(root)
    (root / "datasets" / "churn.csv").write_text(churn_table())
    (root / "datasets" / "opinions.csv").write_text(opinions())
    write_shapes(root / "datasets" / "shapes")
    if course is IMAGES:
        (root / "assignments" / ASSIGNMENT / "helper.py").write_text(
            "def scaled(images):\n    return (images / 255).astype('float32')\n")
    space = open_workspace(root)
    release_assignment(space, ASSIGNMENT, prove=prover(space, unsafe=False, reporter=Silent()))
    return space


def graded(space: Workspace, answers: Mapping[str, str], extra: Mapping[str, bytes] | None = None) -> dict[str, Result]:
    """Return the results of a class: student → another answer to the first task; empty: the solution.

    Args:
        extra: files that everybody hands in next to the notebook.
    """
    released: dict[str, Any] = json.loads(space.release(ASSIGNMENT).read_bytes())
    folder = space.root / "downloads"
    for student, answer in answers.items():
        notebook = make_submission(space, ASSIGNMENT, SOLUTION, released)
        if answer:
            variant = parse_variant(f'"""Made here."""\n\n# %% [{PREPARE}]\n{answer}\n', student, "right")
            notebook = apply_variant(read_source(space.source(ASSIGNMENT)), variant, released)
        place = folder / student / ASSIGNMENT
        place.mkdir(parents=True)
        (place / f"{ASSIGNMENT}.ipynb").write_bytes(as_file(notebook))
        for name, content in (extra or {}).items():
            (place / name).write_bytes(content)
    collect(space, folder, assignment=ASSIGNMENT, kind="folder")
    options = RunOptions(workers=2, gradebook=False, allow_stand_in=True)
    return {one.student: one for one in grade_class(space, (ASSIGNMENT,), options, Silent()).results}


def lost(result: Result) -> dict[str, str]:
    assert result.status == "graded", result.message
    return {check.id: f"{check.seen} {check.staff_note}" for task in result.tasks for check in task.checks
            if check.status is not Status.PASSED}


@pytest.mark.rotates(part=3)
def test_a_table_is_released_without_withheld_rows_and_graded_by_them(tmp_path: Path) -> None:
    space = made(TABLE, tmp_path)
    every = set(churn_table().splitlines()[1:])
    released = {part: set((space.release(ASSIGNMENT).parent / f"own-data-{part}.csv").read_text().splitlines()[1:])
                for part in ("train", "test")}
    withheld = every - released["train"] - released["test"]
    assert len(withheld) == 60 and not released["train"] & released["test"]
    own = SCALE.replace("table[numbers] - means) / deviations", "table[numbers] - table[numbers].mean()) / "
                        "table[numbers].std(ddof=0)")
    look = ("import pathlib\nplaces = [path for place in ('.', '/data', '/released') for path in pathlib.Path(place)."
            "rglob('*') if path.is_file()]\nprint('\\n'.join(path.read_text(errors='ignore') for path in places))\n"
            f"{SCALE}")
    write = (f"{SCALE}\ntry:\n    open('own-data-test.csv', 'w')\nexcept OSError as error:\n"
             "    print('read-only', error)")
    # One scaled column, and numbers in place of the others: nothing is known of a column that never changes.
    flat = f"{SCALE}\nX_train[:, 1:], X_test[:, 1:] = 0, 0"
    found = graded(space, {"ada": "", "own": own, "spy": look, "writer": write, "flat": flat},
                   extra={"own-data-test.csv": b"age,plan,income,churned\n"})
    assert not lost(found["ada"]) and found["ada"].score == 4
    [(check, seen)] = lost(found["own"]).items()
    assert check == "test" and found["own"].score == 3
    assert "The column `age` of `X_test` was standardized with its own mean" in seen
    assert {"train", "test"} <= set(lost(found["flat"])) and found["flat"].score <= 2
    assert not lost(found["spy"]) and not lost(found["writer"])
    shown = space.executed("spy", ASSIGNMENT).read_text()
    assert next(iter(released["train"])) in shown and not [row for row in withheld if row in shown]
    assert "read-only" in space.executed("writer", ASSIGNMENT).read_text()
    assert all(any("changed copies of released files (own-data-test.csv)" in flag for flag in receipt.flags)
               for receipt in space.receipts(ASSIGNMENT))
    with pytest.raises(ReleaseError, match="rename the file"):
        (space.source(ASSIGNMENT).parent / "own-data-train.csv").write_text("a\n")
        verify(space, ASSIGNMENT)


@pytest.mark.rotates(part=3)
def test_prices_are_answered_to_load_data_and_measured_on_withheld_rows(tmp_path: Path) -> None:
    space = made(REGRESSION, tmp_path)
    found = graded(space, {"ada": "", "raw": "X_train, X_test = raw_train / 1, raw_test / 1"})
    assert not lost(found["ada"]) and found["ada"].score == 4
    assert found["ada"].provenance and found["ada"].provenance.data.startswith("stand-in:")
    assert any("was not scaled" in seen for seen in lost(found["raw"]).values())


@pytest.mark.rotates(part=3)
def test_a_student_who_divides_the_table_is_judged_on_withheld_rows(tmp_path: Path) -> None:
    """Which rows were drawn is found from the rows themselves: another draw is as good."""
    space = made(OWN_SPLIT, tmp_path)
    other = OWN_SPLIT.prepare.replace("random_state=4", "random_state=9")
    found = graded(space, {"ada": "", "bob": other})
    assert not lost(found["ada"]) and not lost(found["bob"]) and found["bob"].score == 4


@pytest.mark.rotates(part=3)
def test_pictures_and_a_helper_are_there_when_graded(tmp_path: Path) -> None:
    space = made(IMAGES, tmp_path)
    released = space.release(ASSIGNMENT).parent
    assert (released / "helper.py").is_file() and len(list(released.rglob("*.png"))) == 96
    found = graded(space, {"ada": "", "raw": "X_train, X_test = train_images / 1.0, test_images / 1.0",
                           "away": 'X_train = np.load("/content/drive/rows.npy")',
                           "net": 'keras.utils.get_file(origin="https://example.org/w.weights.h5")',
                           "over": 'open("helper.py", "w")'},
                   extra={"helper.py": b"def scaled(images):\n    return images * 0.0\n"})
    assert not lost(found["ada"]) and found["ada"].score == 4
    assert lost(found["raw"])
    said = {"away": "The file `/content/drive/rows.npy` is not there when notebooks are graded: next to the notebook "
                    "are `helper.py`",
            "net": "`w.weights.h5` would have to be downloaded, but notebooks are graded without internet",
            "over": "`helper.py` can only be read when notebooks are graded"}
    for student, sentence in said.items():
        hints = " ".join(check.hint or "" for task in found[student].tasks for check in task.checks)
        assert sentence in hints, (student, hints)


@pytest.mark.rotates(part=3)
def test_texts_are_released_without_withheld_ones_and_models_are_measured_on_these(tmp_path: Path) -> None:
    """A layer's vocabulary and length say how each student made rows of texts; other ways are left to a person."""
    space = made(TEXTS, tmp_path)
    every = set(opinions().splitlines()[1:])
    released = [set((space.release(ASSIGNMENT).parent / f"own-data-{part}.csv").read_text().splitlines()[1:])
                for part in ("train", "test")]
    withheld = every - released[0] - released[1]
    assert len(withheld) == 40 and len(released[1]) == 40
    other = TEXTS.prepare.replace("output_sequence_length=12", 'output_sequence_length=12, standardize="lower"')
    # Parts of the texts are left out before the layer sees them, and words are numbered without a layer.
    learned = TEXTS.prepare.replace('part["opinion"].tolist()', 'part["opinion"].str.replace(r":.*", "", regex=True)')
    own = """numbers = {word: place for place, word in enumerate(
    sorted({word for text in train["opinion"] for word in text.lower().split()}), 1)}
rows = [[[numbers.get(word, 0) for word in text.lower().split()][:12] for text in part["opinion"]]
        for part in (train, test)]
X_train, X_test = (keras.utils.pad_sequences(part, maxlen=12, padding="post") for part in rows)
vectorize = keras.layers.TextVectorization(vocabulary=sorted(numbers)[1:], output_sequence_length=12)"""
    found = graded(space, {"ada": "", "bob": other, "own": own, "cut": learned})
    assert not lost(found["ada"]) and found["ada"].score == 4
    assert not lost(found["bob"]) and found["bob"].score == 4
    for student in ("own", "cut"):  # which numbers they gave to which words, nobody can see
        [(check, seen)] = lost(found[student]).items()
        assert check == "accuracy" and "TextVectorization layer under a name" in seen
        assert found[student].withheld == 2


@pytest.mark.rotates(part=3)
def test_models_that_take_texts_are_measured_on_withheld_ones(tmp_path: Path) -> None:
    """The model's own first layer says how texts become numbers; the layers behind it are rebuilt and proved."""
    space = made(TEXTS_INSIDE, tmp_path)
    solution = TEXTS_INSIDE.prepare
    start, layers = solution.partition("network = ")[0], "keras.layers.GlobalAveragePooling1D()"
    nested = start + """inner = keras.Sequential([
    keras.Input(shape=(12,), dtype="int64"), keras.layers.Embedding(len(vectorize.get_vocabulary()), 8, mask_zero=True),
    keras.layers.LSTM(8), keras.layers.Dense(1, activation="sigmoid")])
words = keras.Input(shape=(1,), dtype="string")
network = keras.Model(words, inner(vectorize(words)))"""
    branches = start + f"""words = keras.Input(shape=(1,), dtype="string")
embedded = keras.layers.Embedding(len(vectorize.get_vocabulary()), 8)(vectorize(words))
both = keras.layers.Concatenate()([{layers}(embedded), keras.layers.GlobalMaxPooling1D()(embedded)])
network = keras.Model(words, keras.layers.Dense(1, activation="sigmoid")(both))"""
    counted = start.replace("output_sequence_length=12", 'output_mode="multi_hot"') + """network = keras.Sequential([
    keras.Input(shape=(1,), dtype="string"), vectorize, keras.layers.Dense(8, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid")])"""
    own = solution.replace("output_sequence_length=12", "output_sequence_length=12, standardize=lambda text: text")
    cut = solution.replace('part["opinion"].tolist()', 'part["opinion"].str[:12].tolist()')
    lazy = solution.replace('    keras.Input(shape=(1,), dtype="string"), vectorize', "    vectorize")
    found = graded(space, {"ada": "", "bob": nested, "cyd": counted, "lea": lazy, "dot": branches, "own": own,
                           "cut": cut})
    for student in ("ada", "bob", "cyd"):
        assert not lost(found[student]) and found[student].score == 4, (student, lost(found[student]))
    assert set(lost(found["lea"])) == {"layers"}, "without an input it has no weights before it is trained"
    for student, reason in (("dot", "do not form one chain"), ("own", "cannot be applied by the grader"),
                            ("cut", "does not have those of the data set")):
        # A model that is not rebuilt is not proved either, so the names of its layers are left to a person too.
        assert reason in lost(found[student])["accuracy"], (student, lost(found[student]))
        assert found[student].withheld >= 2 and found[student].score + found[student].withheld == 4


@pytest.mark.rotates(part=3)
def test_data_that_changed_since_the_calibration_grades_nothing(tmp_path: Path) -> None:
    space = made(TABLE, tmp_path)
    options = RunOptions(workers=2)
    calibrate_assignment(space, ASSIGNMENT, options, Silent(), seeds=5)
    (tmp_path / "datasets" / "churn.csv").write_text(churn_table(380))
    with pytest.raises(CalibrationError, match=r"made with the data own-data:\w+, but here own-data:\w+ is in use"):
        graded(space, {"ada": ""})
    (tmp_path / "datasets" / "churn.csv").unlink()
    with pytest.raises(DataError, match=r"was expected as churn\.csv in the data folder"):
        grade_class(space, (ASSIGNMENT,), RunOptions(workers=2, gradebook=False), Silent())
    assert not list(space.results_root.glob("*/*/result.json"))
