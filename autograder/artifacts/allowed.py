"""What a rebuilt model may consist of: Keras's own layers and operations that compute and do nothing else.

Excluded on purpose: ``Lambda`` and everything that wraps other code (``TFSMLayer``, ``TorchModuleWrapper``,
``JaxLayer`` …), and layers that read vocabulary files or hold text.
"""

from __future__ import annotations

MODELS = {"Sequential": "keras", "Functional": "keras.src.models.functional"}
# `keras.Model(inputs, outputs)` is serialised as Functional; older releases wrote Model.
MODEL_ALIASES = {"Model": "Functional"}

_DIMENSIONS = ("1D", "2D", "3D")


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


def _each(*stems: str) -> frozenset[str]:
    return frozenset(f"{stem}{dimension}" for stem in stems for dimension in _DIMENSIONS)


LAYERS = words(
    """InputLayer Dense EinsumDense Embedding Activation Flatten Reshape Permute RepeatVector Identity Masking
    ReLU LeakyReLU PReLU ELU Softmax Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D AlphaDropout
    GaussianDropout GaussianNoise ActivityRegularization BatchNormalization LayerNormalization GroupNormalization
    UnitNormalization RMSNormalization SpectralNormalization Normalization Rescaling Resizing CenterCrop
    DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D
    Conv1DTranspose Conv2DTranspose Conv3DTranspose
    Add Subtract Multiply Average Maximum Minimum Concatenate Dot Attention AdditiveAttention MultiHeadAttention
    SimpleRNN LSTM GRU SimpleRNNCell LSTMCell GRUCell StackedRNNCells RNN Bidirectional TimeDistributed
    RandomFlip RandomRotation RandomZoom RandomTranslation RandomContrast RandomBrightness"""
) | _each(
    "Conv", "MaxPooling", "AveragePooling", "GlobalMaxPooling", "GlobalAveragePooling", "UpSampling", "ZeroPadding",
    "Cropping",
)

# Wherever Keras expects a built-in function by name.
ACTIVATIONS = words(
    """celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_tanh leaky_relu linear log_sigmoid
    log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus sparse_sigmoid
    sparsemax squareplus tanh tanh_shrink threshold"""
)
# Names under which the same functions appear when taken from tf.nn, or under older names.
ACTIVATION_ALIASES = {
    "softmax_v2": "softmax",
    "log_softmax_v2": "log_softmax",
    "swish": "silu",
    "hard_swish": "hard_silu",
    "identity": "linear",
    "exp": "exponential",
}

OPERATIONS: dict[str, frozenset[str]] = {
    "keras.src.ops.numpy": words(
    """Absolute Abs Add Subtract Multiply Divide TrueDivide Negative Square Sqrt Power Exp Expm1 Log Log1p Maximum
        Minimum Clip Tanh Sin Cos Sum Mean Max Min Amax Amin Var Std Prod Reshape Ravel Transpose Squeeze ExpandDims
        Concatenate Stack Flip Matmul Dot GetItem Swapaxes Moveaxis Sign Floor Ceil Round Reciprocal"""
),
    "keras.src.ops.nn": words(
    """Relu Relu6 Sigmoid Softplus Softsign Silu LogSigmoid LeakyRelu HardSigmoid HardSilu Elu Selu Gelu Celu
        Softmax LogSoftmax MaxPool AveragePool Normalize"""
),
    "keras.src.ops.core": frozenset({"Cast", "StopGradient", "ConvertToTensor"}),
    "keras.src.ops.math": frozenset({"Rsqrt", "Erf", "Logsumexp"}),
    "keras.src.activations.activations": frozenset({"ReLU", "Mish"}),
}

# Containers of plain data inside a configuration.
PLAIN_OBJECTS = frozenset({"__keras_tensor__", "__numpy__", "__tensor__", "__tuple__", "__slice__", "__ellipsis__"})

ARRAYS = frozenset({"__numpy__", "__tensor__"})
PENALTIES = frozenset({"L1", "L2", "L1L2"})

DTYPES = words(
    "float16 float32 float64 bfloat16 mixed_float16 mixed_bfloat16 bool uint8 int8 int16 int32 int64"
)
DTYPE_POLICIES = frozenset({"DTypePolicy", "FloatDTypePolicy"})


def activation_name(value: object) -> str | None:
    """Return the canonical name of a serialised activation, or None where it is not Keras's own function."""
    if value is None:
        return "linear"
    if isinstance(value, dict) and value.get("class_name") == "function":
        value = value.get("config")
    if not isinstance(value, str):
        return None
    name = ACTIVATION_ALIASES.get(value, value)
    return name if name in ACTIVATIONS else None
