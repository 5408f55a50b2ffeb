"""Notebooks: read from untrusted bytes, tasks listed, submissions merged into their release. Pure."""

from autograder.notebook.cells import (
    Layout,
    TaskSpec,
    continuation_names,
    grade_id,
    is_answer,
    is_code,
    is_locked,
    is_test,
    is_ungraded,
    is_written,
    layout,
    points,
    source,
    task_of_test,
    title,
)
from autograder.notebook.compiled import compiled_names, compiling_tasks
from autograder.notebook.draws import draw_sizes, secret_fingerprint, variant_code
from autograder.notebook.family import (
    Claimed,
    Family,
    check_ranges,
    claimed_variant,
    family_of,
    personal_copy,
    skeleton,
    with_draw,
)
from autograder.notebook.kernel_messages import Messages, parse_messages
from autograder.notebook.merge import assignment_of, job_cells, merge, release_version
from autograder.notebook.otter_cells import is_for_otter, without_otter
from autograder.notebook.outputs import assemble, without_outputs
from autograder.notebook.places import number_slots, number_tasks, places, with_numbers
from autograder.notebook.read import MAX_CELLS, read
from autograder.notebook.shared_pictures import shared_pictures
from autograder.notebook.sizes import Size, check_sizes, read_sizes, with_sizes
from autograder.notebook.stops import causes, origins
from autograder.notebook.variants import (
    Variant,
    VariantCell,
    apply_variant,
    parse_variant,
    solution_submission,
)
from autograder.notebook.written import written_settings

__all__ = [
    "MAX_CELLS",
    "Claimed",
    "Family",
    "Layout",
    "Messages",
    "Size",
    "TaskSpec",
    "Variant",
    "VariantCell",
    "apply_variant",
    "assemble",
    "assignment_of",
    "causes",
    "check_ranges",
    "check_sizes",
    "claimed_variant",
    "compiled_names",
    "compiling_tasks",
    "continuation_names",
    "draw_sizes",
    "family_of",
    "grade_id",
    "is_answer",
    "is_code",
    "is_for_otter",
    "is_locked",
    "is_test",
    "is_ungraded",
    "is_written",
    "job_cells",
    "layout",
    "merge",
    "number_slots",
    "number_tasks",
    "origins",
    "parse_messages",
    "parse_variant",
    "personal_copy",
    "places",
    "points",
    "read",
    "read_sizes",
    "release_version",
    "secret_fingerprint",
    "shared_pictures",
    "skeleton",
    "solution_submission",
    "source",
    "task_of_test",
    "title",
    "variant_code",
    "with_draw",
    "with_numbers",
    "with_sizes",
    "without_otter",
    "without_outputs",
    "written_settings",
]
