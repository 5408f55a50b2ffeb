"""Which outputs of students' models the checks of an assignment need."""

from __future__ import annotations

from pathlib import Path

from autograder.pipeline.reading import stored_answers
from autograder.pipeline.reading.planning import Asked
from autograder.pipeline.session.session import Session


def collect_questions(session: Session, folder: Path) -> Asked:
    """Return the distinct questions of all checks, and those whose answers are already in ``folder``."""
    keys = {(spec.task, model, array): None for spec in session.specs for model, array in spec.predicts}
    return Asked(keys=tuple(keys), known=tuple(stored_answers.load(folder)), test_images=session.prepared.test_images,
                 images=session.prepared.evaluation_images, visible=session.prepared.visible)
