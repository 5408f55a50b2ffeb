"""Reading what student processes left behind: untrusted bytes in, frozen values out. Pure."""

from autograder.artifacts.call_outcomes import CallOutcome
from autograder.artifacts.drawings import Drawn, Field, Figures, Series
from autograder.artifacts.model_values import CompileSpec, LayerSpec, ModelRecord
from autograder.artifacts.preprocessing import Preprocessing, recover
from autograder.artifacts.reader import Artifacts, Source, read
from autograder.artifacts.table_preprocessing import recover_table
from autograder.artifacts.values import (
    Array,
    ArrayRef,
    ArrayValue,
    CallbackValue,
    Checkpoint,
    Evaluation,
    FigureValue,
    Fit,
    FunctionValue,
    HistoryValue,
    MappingValue,
    ModelValue,
    OtherValue,
    ScalarValue,
    SequenceValue,
    TextValue,
    Validation,
    Value,
    array_of,
    mapping_of,
)

__all__ = [
    "Array",
    "ArrayRef",
    "ArrayValue",
    "Artifacts",
    "CallOutcome",
    "CallbackValue",
    "Checkpoint",
    "CompileSpec",
    "Drawn",
    "Evaluation",
    "Field",
    "FigureValue",
    "Figures",
    "Fit",
    "FunctionValue",
    "HistoryValue",
    "LayerSpec",
    "MappingValue",
    "ModelRecord",
    "ModelValue",
    "OtherValue",
    "Preprocessing",
    "ScalarValue",
    "SequenceValue",
    "Series",
    "Source",
    "TextValue",
    "Validation",
    "Value",
    "array_of",
    "mapping_of",
    "read",
    "recover",
    "recover_table",
]
