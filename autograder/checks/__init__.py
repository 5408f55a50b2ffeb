"""Hidden checks: the vocabulary that instructors write them in, and the server that judges submissions with them.

In ``tests/hidden/<assignment>/test_*.py``::

    from autograder.checks import dense

    @pytest.mark.task("relu-build", points=2, basis="measured")
    def test_relu_layers(student):
        \"\"\"The model has two hidden layers of 512 ReLU units and a softmax layer of 10.\"\"\"
        student.model("relu_model").has_layers([dense(512, "relu"), dense(512, "relu"), dense(10, "softmax")])
"""

from autograder.checks.blocking import all_errored
from autograder.checks.calls import bunch, call, calls_by_task, keras_object, student_value
from autograder.checks.metrics import constant_accuracy, metric_name, metrics
from autograder.checks.outcome import CheckFailed, Unjudged, holds
from autograder.checks.points import TaskLayout, audit, task_results
from autograder.checks.request import CheckContext, JudgeRequest, Prediction, Proof
from autograder.checks.server import CheckServer, collect
from autograder.checks.servers import CheckServers
from autograder.checks.vocabulary.layer_settings import initializer, regularizer
from autograder.checks.vocabulary.layers import (
    batch_normalization,
    conv2d,
    dense,
    dropout,
    flatten,
    layer,
    max_pooling2d,
)
from autograder.checks.vocabulary.measurement import measure
from autograder.checks.vocabulary.schedules import schedule
from autograder.model.reconstruction import reconstruction

__all__ = [
    "CheckContext",
    "CheckFailed",
    "CheckServer",
    "CheckServers",
    "JudgeRequest",
    "Prediction",
    "Proof",
    "TaskLayout",
    "Unjudged",
    "all_errored",
    "audit",
    "batch_normalization",
    "bunch",
    "call",
    "calls_by_task",
    "collect",
    "constant_accuracy",
    "conv2d",
    "dense",
    "dropout",
    "flatten",
    "holds",
    "initializer",
    "keras_object",
    "layer",
    "max_pooling2d",
    "measure",
    "metric_name",
    "metrics",
    "reconstruction",
    "regularizer",
    "schedule",
    "student_value",
    "task_results",
]
