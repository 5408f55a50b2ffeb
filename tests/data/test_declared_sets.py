"""Data sets of course.yml: which rows students get, what is withheld, what is refused with which sentence."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from autograder.course import DatasetSettings, HoldoutRule, TestRule, parse
from autograder.data import MNIST, STAND_IN, Places, find_dataset, prepare
from autograder.data.declared_sets import Declared
from autograder.errors import DataError
from tests.support.data_courses import churn_table, opinions

COURSE = "id: c\ntitle: C\ndatasets:\n  rows: {npz: rows.npz}\nassignments:\n  a: {title: A, data: rows}\n"


def folder_of(places: Places) -> Path:
    """Return the data folder, which these tests always have."""
    return places.folders[0]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "churn.csv").write_text(churn_table(300))
    return Places(course=tmp_path, folders=(folder,), cache=tmp_path / "cache")


def declared(**settings: object) -> Declared:
    return Declared(name="own", settings=DatasetSettings.model_validate(settings))


def rows_of(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [tuple(row) for row in csv.reader(stream)]


def refusal(one: Declared, places: Places) -> str:
    with pytest.raises(DataError) as caught:
        one.read(places)
    sentence = str(caught.value)
    assert "\n" not in sentence and sentence.endswith(".")
    return sentence


def test_no_withheld_row_of_a_table_is_in_a_file_for_students(places: Places) -> None:
    found = declared(csv="churn.csv", label="churned").read(places)
    prepared = prepare(found, places.cache)
    every, shown = rows_of(folder_of(places) / "churn.csv"), rows_of(prepared.student / "own.csv")
    assert shown[0] == every[0] and len(set(every)) == len(every)
    assert shown[1:] == [every[1:][row] for row in found.kept]
    assert not {every[1:][row] for row in found.withheld} & set(shown)
    assert len(found.withheld) == 60 and prepared.visible == len(shown) - 1 == 240
    for path in prepared.student.parent.rglob("*.npy"):
        rows = np.load(path)
        if path.name in ("train_images.npy", "test_images.npy"):
            secret = {row.tobytes() for row in found.arrays["x_test"][found.withheld]}
            assert not secret & {row.tobytes() for row in rows}
    assert np.array_equal(np.load(prepared.holdout_labels), found.arrays["y_test"][found.withheld])
    assert prepared.holdout_labels.stat().st_mode & 0o777 == 0o600


def test_each_class_has_its_share_of_the_withheld_rows(places: Places) -> None:
    found = declared(csv="churn.csv", label="churned", holdout={"share": 0.4, "seed": 5}).read(places)
    labels = found.arrays["y_test"]
    shares = [np.mean(labels[found.withheld] == one) - np.mean(labels == one) for one in (0, 1)]
    assert max(map(abs, shares)) < 0.01 and len(found.withheld) == 120
    again = declared(csv="churn.csv", label="churned", holdout={"share": 0.4, "seed": 6}).read(places)
    assert not np.array_equal(found.withheld, again.withheld) and found.fingerprint != again.fingerprint


def test_a_test_part_is_divided_and_half_of_it_withheld(places: Places) -> None:
    found = declared(csv="churn.csv", label="churned", test={"share": 0.2}).read(places)
    prepared = prepare(found, places.cache)
    train, test = (rows_of(prepared.student / f"own-{part}.csv")[1:] for part in ("train", "test"))
    every = rows_of(folder_of(places) / "churn.csv")[1:]
    assert (len(train), len(test), prepared.visible) == (240, 30, 30) and not set(train) & set(test)
    assert len(set(every) - set(train) - set(test)) == 30
    assert len(np.load(prepared.evaluation_images)) == 60


def test_columns_that_mark_rows_are_shown_to_nobody(places: Places) -> None:
    lines = churn_table(40).splitlines()
    marked = [f"{line},{mark}" for line, mark in zip(lines, ["secret", *["yes", "no", "no", "no"] * 10], strict=True)]
    (folder_of(places) / "marked.csv").write_text("\n".join(marked))
    found = declared(csv="marked.csv", label="churned", holdout={"column": "secret"}).read(places)
    assert found.withheld.tolist() == list(range(0, 40, 4))
    assert "secret" not in (prepare(found, places.cache).student / "own.csv").read_text()
    assert not any("secret" in column for column in found.columns)


def test_a_table_becomes_numbers_whose_names_are_known(places: Places) -> None:
    found = declared(csv="churn.csv", label="churned").read(places)
    assert found.columns == ("age", "plan=basic", "plan=pro", "plan=team", "income") and found.kind == "table"
    assert (found.arrays["x_test"][:, 1:4].sum(axis=1) == 1).all()
    amounts = declared(csv="churn.csv", label="income").read(places)
    assert amounts.arrays["y_test"].dtype == np.float64 and "churned=yes" in amounts.columns


def test_copies_take_the_places_of_withheld_rows_where_shapes_shall_stay(places: Places) -> None:
    random = np.random.default_rng(2)
    arrays = {"x_train": random.random((30, 4, 4)), "y_train": random.integers(0, 2, 30),
              "x_test": random.random((20, 4, 4)), "y_test": np.arange(20) % 2}
    np.savez(folder_of(places) / "rows.npz", **arrays)  # type: ignore[arg-type]  # NumPy's stub takes names for options
    found = declared(npz="rows.npz", holdout={"how": "replace", "rows": [0, 3, 7]}).read(places)
    prepared = prepare(found, places.cache)
    with np.load(prepared.student / "own.npz") as student:
        assert student["x_test"].shape == (20, 4, 4) and np.array_equal(student["x_train"], arrays["x_train"])
        shown = {row.tobytes() for row in student["x_test"]}
    assert not {arrays["x_test"][row].tobytes() for row in (0, 3, 7)} & shown and len(shown) == prepared.visible == 17
    evaluated = np.load(prepared.evaluation_images)
    assert {row.tobytes() for row in evaluated[:17]} == shown
    assert np.array_equal(evaluated[17:], arrays["x_test"][[0, 3, 7]])


def test_images_by_class_are_copied_without_the_withheld_ones(places: Places) -> None:
    random = np.random.default_rng(4)
    for name in ("cat", "dog"):
        place = folder_of(places) / "pets" / name
        place.mkdir(parents=True)
        for number in range(10):
            Image.fromarray(random.integers(0, 256, (6, 6), np.uint8)).save(place / f"{number}.png")
    found = declared(folder="pets", test={"share": 0.4}).read(places)
    student = prepare(found, places.cache).student
    train, test = (sorted(path.read_bytes() for path in (student / "own" / part).rglob("*.png"))
                   for part in ("train", "test"))
    every = {path.read_bytes() for path in folder_of(places).rglob("*.png")}
    assert (len(train), len(test), len(every - {*train, *test})) == (12, 4, 4)
    assert found.arrays["x_train"].shape == (12, 6, 6, 1) and found.arrays["y_test"].tolist() == [0] * 4 + [1] * 4


def test_no_withheld_text_is_in_a_file_for_students(places: Places) -> None:
    (folder_of(places) / "opinions.csv").write_text(opinions(100))
    one = declared(csv="opinions.csv", text="opinion", label="kind", holdout={"share": 0.3, "seed": 2})
    found = one.read(places)
    prepared = prepare(found, places.cache)
    every, shown = rows_of(folder_of(places) / "opinions.csv")[1:], rows_of(prepared.student / "own.csv")[1:]
    assert found.kind == "texts" and len(found.withheld) == 30
    assert shown == [every[row] for row in found.kept]
    evaluated = np.load(prepared.evaluation_images, allow_pickle=False)
    assert evaluated.tolist() == [every[row][0] for row in (*found.kept, *found.withheld)]
    assert not set(evaluated[prepared.visible :].tolist()) & set(np.load(prepared.train_images).tolist())
    assert np.load(prepared.holdout_labels).mean() == 0.5, "each class has its share"


def test_texts_in_arrays_are_texts_for_students_too(places: Places) -> None:
    texts = np.array([f"text {number}" for number in range(20)])
    np.savez(folder_of(places) / "texts.npz", x=texts, y=np.arange(20) % 2)
    found = declared(npz="texts.npz").read(places)
    with np.load(prepare(found, places.cache).student / "own.npz", allow_pickle=False) as student:
        assert found.kind == "texts" and student["x"].tolist() == texts[found.kept].tolist()


def test_a_function_of_the_course_makes_data_once(places: Places) -> None:
    (places.course / "make.py").write_text(
        "import pathlib\nimport numpy as np\n\ndef rows():\n    with open('calls', 'a') as file:\n        "
        "file.write('x')\n"
        "    return {'x': np.arange(80.0).reshape(20, 4), 'y': np.arange(20) % 2}\n")
    one = declared(python="make.py:rows")
    first, again = one.read(places), one.read(places)
    assert first.fingerprint == again.fingerprint and (places.course / "calls").read_text() == "x"
    assert first.name == "own" and one.files(places) == (places.course / "make.py",)


@pytest.mark.parametrize(("settings", "says"), [
    ({"csv": "none.csv", "label": "a"}, "own was expected as none.csv in the data folder, but it is not there; put it"),
    ({"csv": "churn.csv", "label": "left"}, "names the column 'left', but churn.csv has age, plan, income, churned"),
    ({"csv": "churn.csv", "label": "churned", "holdout": {"column": "part"}}, "names the column 'part'"),
    ({"csv": "churn.csv", "label": "churned", "holdout": {"rows": [5, 300]}}, "row 300, but there are 300 rows"),
    ({"csv": "churn.csv", "label": "churned", "holdout": {"share": 0.999}}, "takes 300 of 300 rows"),
    ({"csv": "churn.csv", "label": "churned", "holdout": {"how": "replace"}}, "write remove, or add 'test'"),
    ({"csv": "gap.csv", "label": "b", "text": "words"}, "names the column 'words', but gap.csv has a, b"),
    ({"csv": "empty-text.csv", "label": "b", "text": "a"}, "Text 2 of empty-text.csv is empty"),
    ({"csv": "long-text.csv", "label": "b", "text": "a"}, "texts of at most 20,000 characters"),
    ({"csv": "uneven.csv", "label": "b"}, "Row 3 of uneven.csv has 1 values, but the first line names 2"),
    ({"csv": "twice.csv", "label": "a"}, "two columns of the name 'a'"),
    ({"csv": "gap.csv", "label": "b"}, "no finite number in line 3"),
    ({"csv": "latin.csv", "label": "b"}, "expected to be a table in UTF-8"),
    ({"npz": "churn.csv"}, "churn.csv was expected to contain arrays"),
    ({"npz": "other.npz"}, "expected to have the arrays x_train, y_train, x_test, y_test, or x and y"),
    ({"npz": "short.npz"}, "one label for each row"),
    ({"folder": "empty"}, "at most 20,000 images (.png, .jpg, .jpeg, .bmp, .gif), but has 0"),
    ({"folder": "broken"}, "a/1.png of broken was expected to be an image"),
    ({"folder": "sizes"}, "expected to have one shape, (4, 4, 1), but b/1.png has (5, 5, 1)"),
    ({"python": "none.py:make"}, "names none.py, but there is no such file in the course"),
    ({"python": "fails.py:make"}, "make of fails.py failed (ValueError: no data today)"),
    ({"keras": "boston_housing"}, "run `autograder data fetch own`"),
])
def test_what_cannot_be_used_is_one_sentence(places: Places, settings: dict[str, object], says: str) -> None:
    folder = folder_of(places)
    (folder / "uneven.csv").write_text("a,b\n1,2\n3\n")
    (folder / "twice.csv").write_text("a,a\n1,2\n")
    (folder / "gap.csv").write_text("a,b\n1,2\n3,\n")
    (folder / "empty-text.csv").write_text("a,b\nfine,1\n ,0\n")
    (folder / "long-text.csv").write_text(f"a,b\n{'x' * 20_001},1\n")
    (folder / "latin.csv").write_bytes("a,b\ngrün,1\n".encode("latin-1"))
    np.savez(folder / "other.npz", pictures=np.zeros((3, 2)))
    np.savez(folder / "short.npz", x=np.zeros((3, 2)), y=np.zeros(2))
    for name, side in (("broken/a/1.png", 0), ("sizes/a/1.png", 4), ("sizes/b/1.png", 5)):
        (folder / name).parent.mkdir(parents=True)
        if side:
            Image.fromarray(np.zeros((side, side), np.uint8)).save(folder / name)
        else:
            (folder / name).write_bytes(b"no image")
    (folder / "empty").mkdir()
    (places.course / "fails.py").write_text("def make():\n    raise ValueError('no data today')\n")
    assert says in refusal(declared(**settings), places)


def test_a_stand_in_has_another_name_and_its_own_size(places: Places) -> None:
    (places.course / "small.csv").write_text(churn_table(30))
    one = declared(csv="absent.csv", label="churned", stand_in="small.csv", holdout={"rows": [200]})
    found = one.stand_in(places)
    assert found.name == STAND_IN and len(found.arrays["y_test"]) == 30 and not one.files(places)
    with pytest.raises(DataError, match=re.escape("datasets.own.stand_in")):
        declared(csv="absent.csv", label="churned").stand_in(places)


def test_a_table_that_is_here_needs_no_other_one_for_tests(places: Places) -> None:
    found, real = declared(csv="churn.csv", label="churned").stand_in(places), \
        declared(csv="churn.csv", label="churned").read(places)
    assert found.name == STAND_IN and np.array_equal(found.arrays["x_test"], real.arrays["x_test"])


def test_a_course_knows_its_data_sets_and_mnist() -> None:
    course = parse(COURSE, folders=["a"])
    assert find_dataset(course, "rows").name == "rows" and find_dataset(course, MNIST).name == MNIST
    with pytest.raises(DataError, match="'other' was expected under 'datasets'"):
        find_dataset(course, "other")


def test_rules_are_those_of_the_course_file() -> None:
    assert DatasetSettings(csv="t.csv", label="a").holdout == HoldoutRule() and TestRule().share == 0.2


def test_each_data_set_is_found_in_whichever_data_folder_has_it(places: Places, tmp_path: Path) -> None:
    """A folder that the environment names does not hide what only the course has."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "more.csv").write_text(churn_table(200))
    both = Places(course=tmp_path, folders=(other, *places.folders), cache=places.cache)
    assert declared(csv="churn.csv", label="churned").files(both) == (folder_of(places) / "churn.csv",)
    assert len(declared(csv="more.csv", label="churned").read(both).arrays["y_test"]) == 200
    (other / "churn.csv").write_text(churn_table(100))
    first = declared(csv="churn.csv", label="churned").read(both)
    assert len(first.arrays["y_test"]) == 100, "the first folder has precedence"
