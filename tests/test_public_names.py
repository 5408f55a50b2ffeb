"""The public names of every package, locked: a change here is a change for those who build on it."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import autograder
import autograder.pipeline

PACKAGES = ["autograder", *(f"{package.__name__}.{module.name}" for package in (autograder, autograder.pipeline)
                            for module in pkgutil.iter_modules(package.__path__) if module.ispkg)]
LOCKED = {
    "autograder": [
        "__version__",
    ],
    "autograder.artifacts": [
        "Array", "ArrayRef", "ArrayValue", "Artifacts", "CallOutcome", "CallbackValue", "Checkpoint", "CompileSpec",
        "DatasetValue", "Drawn", "Evaluation", "Field", "FigureValue", "Figures", "Fit", "FunctionValue",
        "HistoryValue", "LayerSpec", "LayerValue", "MappingValue", "ModelRecord", "ModelValue", "OtherValue",
        "Preprocessing", "ScalarValue", "SequenceValue", "Series", "Source", "TextValue", "Validation", "Value",
        "array_of", "mapping_of", "read", "recover", "recover_table",
    ],
    "autograder.authoring": [
        "SAMPLE", "Source", "create_assignment", "create_course", "kinds", "make_sample_course", "quoted", "with_entry",
    ],
    "autograder.calibration": [
        "bands", "comparable", "corners_of", "error_spread", "false_fail", "join_corners", "level", "spread",
        "tolerance_factor", "upper_bound",
    ],
    "autograder.checks": [
        "CheckContext", "CheckFailed", "CheckServer", "CheckServers", "JudgeRequest", "Prediction", "Proof",
        "TaskLayout", "Unjudged",
        "all_errored", "audit", "batch_normalization", "bunch", "call", "calls_by_task", "collect", "constant_accuracy",
        "conv2d", "dense", "dropout", "flatten", "holds", "initializer", "keras_object", "layer", "max_pooling2d",
        "measure", "metric_name", "metrics", "reconstruction", "regularizer", "schedule", "student_value",
        "task_results",
    ],
    "autograder.cli": [
        "EXIT_CODES", "cli", "main",
    ],
    "autograder.cluster": [
        "Link", "Offer", "Wanted", "check_address", "require_dask",
    ],
    "autograder.container": [
        "Bounds", "Engine", "Launch", "PatientWriter", "WireError", "build_command", "find_engine", "judge_command",
        "read_frame", "run_command", "runner_command", "write_frame",
    ],
    "autograder.course": [
        "Assignment", "Collect", "Counts", "Course", "DatasetSettings", "FULL", "Grader", "HoldoutRule", "KERAS_NAMES",
        "DEFAULT_DATA", "LateRule", "Links", "Lock", "Lti", "MAX_BYTES", "MAX_LOCK_BYTES", "MAX_PEOPLE_BYTES",
        "MinimumRule", "OWN", "package_name", "parse_lock",
        "PEOPLE_FILE", "Person", "SYSTEMS", "assignment_id", "folded",
        "is_assignment_id", "is_student_id", "parse", "parse_people", "RefitRule", "TestRule",
        "VariantRule", "schema", "student_id",
    ],
    "autograder.data": [
        "DataSet", "Dataset", "DefaultData", "MNIST", "OWN", "Places", "Prepared", "STAND_IN", "fetch", "find_dataset",
        "fingerprint", "is_loaded_by_notebooks", "prepare", "prepare_own", "prepare_whole", "resolve", "stand_in",
        "true_file",
    ],
    "autograder.sandbox": [
        "Feature", "PoolOptions", "Programs", "WarmPool", "best_isolation", "survey",
    ],
    "autograder.feedback": [
        "HandIns", "Learned", "Rules", "render", "render_notebook", "render_released",
    ],
    "autograder.gradebook": [
        "COLUMNS", "Generated", "Held", "RecordReport", "Recorder",
        "chosen_output", "configure", "ensure", "export", "generate", "read_grades", "record", "register",
        "unrecorded",
    ],
    "autograder.grades": [
        "CellMarks", "Change", "Effect", "Facts", "Grade", "Marks", "Parts", "RubricLine", "State", "TaskGrade",
        "automatic_points", "certain_points", "check_changes", "grade_of", "grade_task", "grades_of", "parse_rubric",
        "read_comment", "rubric_points", "write_comment",
    ],
    "autograder.lms": [
        "Filled", "Sheet", "canvas_name", "canvas_table", "fill_worksheet", "moodle_folder", "read_sheet",
    ],
    "autograder.lti": [
        "PlatformServices", "connect",
    ],
    "autograder.model": [
        "BACKENDS", "Basis", "Bound", "Calibration", "Call", "CellRun", "CellStatus", "CheckResult", "CheckSpec",
        "Corner", "DEFAULT_BACKEND", "Ending", "Execution", "FamilyCalibration", "Isolation", "JobCell", "LayerRow",
        "Limits", "Merged",
        "MetricSpread", "Mount", "NotebookJob",
        "PredictionJob", "PredictionRequest", "Provenance", "PublicArray", "Receipt", "Reference", "Refit",
        "RefitJob", "Refits", "Result", "SCHEMA_VERSION", "Slot", "SlotStatus", "Status", "TaskResult",
        "TimeSource", "TrainingArray", "TrainingFit", "Value", "backend_of", "calibration_key",
    ],
    "autograder.notebook": [
        "Claimed", "Family", "Layout", "MAX_CELLS", "Messages", "Size", "TaskSpec", "Variant", "VariantCell",
        "apply_variant", "assemble", "assignment_of", "causes", "check_ranges", "check_sizes", "claimed_variant",
        "draw_sizes", "family_of", "personal_copy", "secret_fingerprint", "shared_pictures", "skeleton",
        "variant_code", "with_draw",
        "compiled_names", "compiling_tasks", "continuation_names", "grade_id",
        "is_answer", "is_code", "is_for_otter", "is_locked", "is_test", "is_ungraded", "is_written", "job_cells",
        "layout", "merge", "number_slots", "number_tasks", "origins", "parse_messages", "parse_variant", "places",
        "points", "read", "read_sizes", "release_version", "solution_submission", "source", "task_of_test", "title",
        "with_numbers", "with_sizes", "without_otter", "without_outputs", "written_settings",
    ],
    "autograder.otter": [
        "Plugin",
    ],
    "autograder.pipeline.audit": [
        "AuditOptions", "Matrix", "audit_assignments",
    ],
    "autograder.pipeline.class_report": [
        "Comment", "Reached", "ReportOptions", "Written", "comment_class", "write_reports",
    ],
    "autograder.pipeline.collect": [
        "CollectOptions", "Kind", "TimesFrom", "collect",
    ],
    "autograder.pipeline.containers": [
        "ContainerOptions", "grade_in_containers", "judge_assignment", "serve",
    ],
    "autograder.pipeline.experiments": [
        "calibrate_assignment", "reproduce_assignment", "write_tables",
    ],
    "autograder.pipeline.grade": [
        "Grading", "choose_exit_code", "grade_assignment", "grade_class", "grade_submission", "load_result",
    ],
    "autograder.platforms.nbgrader_verbs": [
        "CourseCollect", "CourseExport", "PageExporter", "ReleaseExporter",
    ],
    "autograder.platforms": [
        "GradescopeOptions", "export_action", "export_gradescope", "export_otter", "run_autograder",
    ],
    "autograder.pipeline.reading": [
        "read", "readers",
    ],
    "autograder.pipeline.refit": [
        "RefitScope", "TrainedRun", "repeat_due_trainings", "repeat_trainings",
    ],
    "autograder.pipeline.regrade": [
        "Regrade", "regrade_assignment",
    ],
    "autograder.pipeline.release": [
        "ReleaseReport", "prover", "release_assignment", "verify",
    ],
    "autograder.pipeline.review": [
        "Conflict", "Imported", "Review", "SheetServer", "export_sheet", "import_sheet", "open_review",
    ],
    "autograder.questions": [
        "KINDS", "Choice", "ConfusionFact", "Evidence", "LayerFact", "Names", "NetworkFact", "Number", "Question",
        "Quiz", "Sheet", "TestedFact", "TrainingFact", "answer_page", "choose", "gift", "qti_files", "quiz_csv",
        "quiz_lines", "student_page",
    ],
    "autograder.pipeline.session": [
        "Pool", "PoolOptions", "RunOptions", "Session", "count_workers", "open_session", "run_concurrently",
    ],
    "autograder.service": [
        "HandIn", "HubEnvironment", "Service", "find_service", "forget_secrets", "read_environment", "read_upload",
    ],
    "autograder.watch": [
        "Ending", "Source", "WatchOptions", "watch",
    ],
    "autograder.readers": [
        "Budget", "Readers",
    ],
    "autograder.remote": [
        "Cluster", "ClusterOptions", "WorkerOptions", "open_cluster", "serve_worker",
    ],
    "autograder.safe": [
        "plain_words", "safe_notebook", "without_joiners",
    ],
    "autograder.testing": [
        "ASSIGNMENT", "FakeCheckServer", "FakePool", "SPECS", "make_checks", "make_course", "make_layout",
        "make_merged", "make_notebook", "make_receipt", "make_session", "make_slots",
    ],
    "autograder.workspace": [
        "FolderSource", "LazyTask", "Reporter", "Silent", "Task", "Workspace", "exclusive", "open_workspace",
        "replace_folder", "require_room", "secret", "write_atomically",
    ],
}


@pytest.mark.parametrize("name", PACKAGES)
def test_all_names_what_is_there(name: str) -> None:
    package = importlib.import_module(name)
    listed = getattr(package, "__all__", None)
    if listed is None:
        assert name == "autograder.pipeline", "every package but the chains says what is public"
        return
    assert len(set(listed)) == len(listed)
    assert [missing for missing in listed if not hasattr(package, missing)] == []


@pytest.mark.parametrize("name", PACKAGES)
def test_every_package_is_locked(name: str) -> None:
    assert name in LOCKED or name == "autograder.pipeline"


@pytest.mark.parametrize("name", LOCKED)
def test_locked_names(name: str) -> None:
    assert sorted(importlib.import_module(name).__all__) == sorted(LOCKED[name])
