"""Where files of a course lie, and what is refused before anything is read or written there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.workspace import file_names, layout
from autograder.workspace.layout import Workspace, open_workspace

PACKAGE = Path(layout.__file__).parents[1]
NAMES = {file_names.RESULT, file_names.EXECUTED, file_names.EXECUTION, file_names.CURVES, file_names.ARTIFACTS,
         file_names.PREDICTIONS, file_names.REFIT, file_names.CONTINUED, file_names.GIVEN, file_names.RECEIPT,
         file_names.UPLOADS, file_names.TIMESTAMP, file_names.CACHE, "submitted", "autograded", "feedback",
         "gradebook.db", "attempts", "sampling-secret", "grade.lock", ".collect.lock"}
ELSEWHERE = {
    "sandbox/child/refitter.py", "artifacts/refit_plan.py",  # what a child writes into its own scratch folder
    "pipeline/collect/layouts.py",  # folders of platforms
    "cli/main.py",  # commands
    "pipeline/status.py",  # parts of the work on an assignment
    "platforms/action_result.py", "platforms/action_files/grade_in_ci.py",  # Classroom 50's name of a result
    "pipeline/containers/runner.py", "pipeline/containers/health.py",  # a scratch folder of the runner's container
}
COURSE = "id: c\ntitle: C\ndata: data\nassignments:\n  sums:\n    title: Sums\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("AUTOGRADER_DATA", raising=False)
    (tmp_path / "course" / "assignments" / "sums").mkdir(parents=True)
    (tmp_path / "course" / "course.yml").write_text(COURSE)
    return tmp_path / "course"


def test_the_paths_are_those_of_the_architecture(root: Path, tmp_path: Path) -> None:
    space = open_workspace(root, tmp_path / "demo")
    found = {
        "source": space.source("sums"), "release": space.release("sums"), "reference": space.reference("sums"),
        "archived": space.archived_release("sums", "2026.1"), "variants": space.variants("sums"),
        "hidden": space.hidden("sums"),
    }
    assert {name: path.relative_to(root).as_posix() for name, path in found.items()} == {
        "source": "assignments/sums/sums.ipynb", "release": "release/sums/sums.ipynb",
        "reference": "reference/sums/reference.json", "archived": "reference/sums/releases/2026.1.ipynb",
        "variants": "reference/sums/variants", "hidden": "tests/hidden/sums",
    }
    made = (space.submitted("ada", "sums"), space.uploads("ada", "sums"), space.receipt("ada", "sums"),
            space.result("ada", "sums"), space.feedback("ada", "sums"), space.gradebook)
    assert [path.relative_to(tmp_path / "demo").as_posix() for path in made] == [
        "submitted/ada/sums/sums.ipynb", "submitted/ada/sums/.uploads", "submitted/ada/sums/receipt.json",
        "results/ada/sums/result.json", "feedback/ada/sums/sums.html", "gradebook.db"]
    assert space.chosen() == ("sums",) == space.chosen(["sums", "sums"])


def test_the_output_is_the_course_unless_said_otherwise(root: Path) -> None:
    assert open_workspace(root).output == root


@pytest.mark.parametrize("student", ["../x", "a/b", ".x", "", "a\0"])
def test_a_student_id_never_leaves_its_folder(root: Path, student: str) -> None:
    space = open_workspace(root)
    for method in (space.submitted, space.results, space.feedback, space.uploads):
        with pytest.raises(CourseError, match="student id"):
            method(student, "sums")
    with pytest.raises(CourseError, match="assignment id"):
        space.submitted("ada", "../sums")
    with pytest.raises(CourseError, match="plain name"):
        space.archived_release("sums", "../../secret")


def test_what_is_no_course_is_one_sentence(tmp_path: Path, root: Path) -> None:
    with pytest.raises(CourseError, match=r"cannot be read \(No such file"):
        open_workspace(tmp_path / "nowhere")
    (root / "course.yml").write_bytes(b"id: \xff")
    with pytest.raises(CourseError, match="UTF-8"):
        open_workspace(root)
    (root / "course.yml").write_text("#" * 2**19)
    with pytest.raises(CourseError, match="KiB"):
        open_workspace(root)


def test_folders_that_are_links_out_of_the_course_are_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / "assignments" / "sums").rmdir()
    (root / "assignments" / "sums").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CourseError, match=r"assignments/sums must be in the course, but a link leads out"):
        open_workspace(root)


def test_the_data_folder_in_its_order(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    space = open_workspace(root)
    with pytest.raises(CourseError, match="names the data folder 'data'"):
        _ = space.data_folder
    (root / "data").mkdir()
    assert space.data_folder == root / "data"
    monkeypatch.setenv("AUTOGRADER_DATA", str(tmp_path))
    assert space.data_folder == tmp_path.resolve()
    assert space.data_folders == (tmp_path.resolve(), root / "data"), "what only the course has is found as well"
    monkeypatch.setenv("AUTOGRADER_DATA", str(tmp_path / "none"))
    with pytest.raises(CourseError, match="AUTOGRADER_DATA must name a folder"):
        _ = space.data_folder
    monkeypatch.delenv("AUTOGRADER_DATA")
    (root / "data").rmdir()
    (root / "data").symlink_to(tmp_path)
    with pytest.raises(CourseError, match="link leads out"):
        _ = space.data_folder


def put(space: Workspace, student: str, assignment: str = "sums") -> Path:
    path = space.submitted_root / student / assignment / f"{assignment}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    return path


def test_submissions_are_real_folders_of_known_assignments(root: Path, tmp_path: Path) -> None:
    space = open_workspace(root)
    assert space.submissions() == () and space.students() == ()
    put(space, "ada", "other")
    for student in ("bob", "ada", ".hidden", "a b"):
        put(space, student)
    (space.submitted_root / "eve").symlink_to(space.submitted_root / "ada")
    (space.submitted_root / "mallory" / "sums").mkdir(parents=True)
    (space.submitted_root / "mallory" / "sums" / "sums.ipynb").symlink_to(root / "course.yml")
    assert space.submissions() == (("ada", "sums"), ("bob", "sums"))
    assert space.students() == ("ada", "bob")


def test_a_receipt_that_is_missing_or_damaged_is_made_up(root: Path) -> None:
    space = open_workspace(root)
    put(space, "ada")
    (receipt,) = space.receipts("sums")
    assert receipt.accepted and receipt.student == "ada" and len(receipt.sha256) == 64
    space.receipt("ada", "sums").write_text("{")
    assert space.receipts() == [receipt]
    space.submitted("ada", "sums").unlink()
    (receipt,) = space.receipts()
    assert not receipt.accepted and "damaged" in (receipt.reason or "")


def parts_of_paths(source: str) -> set[str]:
    """Return the constant texts that a module joins to paths or looks for among names, with their own spelling."""
    tree = ast.parse(source)
    joined = [node.right for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    joined += [argument for node in calls for argument in node.args
               if ast.unparse(node.func).split(".")[-1] in ("with_name", "joinpath", "glob", "rglob")]
    assigned = [node.value for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign) and node.value]
    return {str(part.value).split("/")[-1] for node in (*joined, *assigned) for part in ast.walk(node)
            if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def test_names_of_files_are_spelt_in_one_place() -> None:
    again = {path.relative_to(PACKAGE).as_posix(): found for path in PACKAGE.rglob("*.py")
             if (found := parts_of_paths(path.read_text()) & NAMES)}
    assert again.pop("workspace/file_names.py") and again.pop("workspace/layout.py")
    assert {path: found for path, found in again.items() if path not in ELSEWHERE} == {}
