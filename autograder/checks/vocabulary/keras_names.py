"""Which layers, callbacks, optimizers, schedules, losses and metrics of Keras a check may name, with their settings.

Written down rather than asked of Keras, which takes seconds to import; a test compares the tables with Keras. What
two models cannot be compared by is left out: names, seeds, constraints, number formats.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from autograder.artifacts.allowed import words
from autograder.errors import CheckError

_KERNEL = "kernel_initializer bias_initializer kernel_regularizer bias_regularizer use_bias"
_RECURRENT = (f"units activation {_KERNEL} recurrent_initializer recurrent_regularizer dropout recurrent_dropout "
              "return_sequences return_state go_backwards stateful unroll")
_NORM = "axis epsilon center scale beta_initializer gamma_initializer beta_regularizer gamma_regularizer"
_CONV = "strides padding data_format dilation_rate activation"
_LOOKUP = "max_tokens num_oov_indices mask_token oov_token vocabulary invert output_mode pad_to_max_tokens"
_FILL = "fill_mode interpolation fill_value data_format"
_LAYERS = f"""
Activation: activation
ActivityRegularization: l1 l2
Add Average Identity Maximum Minimum Multiply Subtract:
AdditiveAttention Attention: use_scale score_mode dropout
AlphaDropout Dropout GaussianDropout SpatialDropout1D SpatialDropout2D SpatialDropout3D: rate
AveragePooling1D AveragePooling2D AveragePooling3D: pool_size strides padding data_format
MaxPooling1D MaxPooling2D MaxPooling3D: pool_size strides padding data_format
BatchNormalization: {_NORM} momentum moving_mean_initializer moving_variance_initializer
Bidirectional: layer merge_mode
CategoryEncoding: num_tokens output_mode
CenterCrop RandomCrop: height width
Concatenate Softmax UnitNormalization: axis
Conv1D Conv2D Conv3D: filters kernel_size groups {_CONV} {_KERNEL}
Conv1DTranspose Conv2DTranspose Conv3DTranspose: filters kernel_size output_padding {_CONV} {_KERNEL}
ConvLSTM1D ConvLSTM2D ConvLSTM3D: filters kernel_size {_CONV} {_KERNEL} return_sequences dropout recurrent_dropout
Cropping1D Cropping2D Cropping3D: cropping
Dense: units activation {_KERNEL}
DepthwiseConv1D DepthwiseConv2D: kernel_size depth_multiplier use_bias {_CONV} depthwise_initializer bias_initializer
Discretization: bin_boundaries num_bins epsilon output_mode
Dot: axes normalize
ELU: alpha
EinsumDense: equation output_shape activation bias_axes kernel_initializer bias_initializer
Embedding: input_dim output_dim embeddings_initializer embeddings_regularizer mask_zero
Flatten: data_format
GRU: {_RECURRENT} recurrent_activation reset_after
LSTM: {_RECURRENT} recurrent_activation unit_forget_bias
SimpleRNN: {_RECURRENT}
GaussianNoise: stddev
GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D: data_format keepdims
GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D: data_format keepdims
GroupNormalization: groups {_NORM}
Hashing: num_bins mask_value output_mode
HashedCrossing: num_bins output_mode
IntegerLookup: {_LOOKUP}
StringLookup: {_LOOKUP} encoding
LayerNormalization: {_NORM}
LeakyReLU: negative_slope
Masking: mask_value
MultiHeadAttention: num_heads key_dim value_dim dropout use_bias output_shape attention_axes
Normalization: axis mean variance invert
PReLU: shared_axes alpha_initializer alpha_regularizer
Permute: dims
RMSNormalization: axis epsilon
RNN: cell return_sequences return_state go_backwards stateful unroll
RandomBrightness RandomContrast: factor value_range
RandomFlip: mode data_format
RandomRotation: factor {_FILL}
RandomTranslation RandomZoom: height_factor width_factor {_FILL}
ReLU: max_value negative_slope threshold
RepeatVector: n
Rescaling: scale offset
Reshape: target_shape
Resizing: height width interpolation crop_to_aspect_ratio pad_to_aspect_ratio data_format
SeparableConv1D SeparableConv2D: filters kernel_size depth_multiplier use_bias {_CONV} depthwise_initializer
SpectralNormalization: layer power_iterations
TextVectorization: max_tokens standardize split ngrams output_mode output_sequence_length pad_to_max_tokens vocabulary
TimeDistributed: layer
UpSampling1D: size
UpSampling2D UpSampling3D: size data_format
ZeroPadding1D ZeroPadding2D ZeroPadding3D: padding
"""
_CALLBACKS = """
CSVLogger: filename append
EarlyStopping: monitor min_delta patience mode baseline restore_best_weights start_from_epoch
BackupAndRestore History LambdaCallback LearningRateScheduler ProgbarLogger TerminateOnNaN:
ModelCheckpoint: filepath monitor save_best_only save_weights_only mode save_freq
ReduceLROnPlateau: monitor factor patience mode min_delta cooldown min_lr
SwapEMAWeights: swap_on_epoch
TensorBoard: log_dir histogram_freq
"""
_COMMON = "learning_rate weight_decay clipnorm clipvalue global_clipnorm use_ema ema_momentum"
_OPTIMIZERS = f"""
adadelta: rho epsilon {_COMMON}
adafactor: beta_2_decay epsilon_1 epsilon_2 clip_threshold {_COMMON}
adagrad: initial_accumulator_value epsilon {_COMMON}
adam: beta_1 beta_2 epsilon amsgrad {_COMMON}
adamw: beta_1 beta_2 epsilon amsgrad {_COMMON}
adamax nadam lamb: beta_1 beta_2 epsilon {_COMMON}
ftrl: learning_rate_power initial_accumulator_value beta {_COMMON}
lion: beta_1 beta_2 {_COMMON}
muon: epsilon momentum {_COMMON}
rmsprop: rho momentum epsilon centered {_COMMON}
sgd: momentum nesterov {_COMMON}
"""
_SCHEDULES = """
CosineDecay: initial_learning_rate decay_steps alpha warmup_target warmup_steps
CosineDecayRestarts: initial_learning_rate first_decay_steps t_mul m_mul alpha
ExponentialDecay InverseTimeDecay: initial_learning_rate decay_steps decay_rate staircase
PiecewiseConstantDecay: boundaries values
PolynomialDecay: initial_learning_rate decay_steps end_learning_rate power cycle
"""


def _table(text: str) -> Mapping[str, frozenset[str]]:
    """Return the names of each line, all with the settings after the colon."""
    lines = (line.split(":") for line in text.strip().splitlines())
    return {name: frozenset(settings.split()) for names, settings in lines for name in names.split()}


LAYERS = _table(_LAYERS)
CALLBACKS = _table(_CALLBACKS)
OPTIMIZERS = _table(_OPTIMIZERS)
SCHEDULES = _table(_SCHEDULES)
LOSSES = words("""
    binary_crossentropy binary_focal_crossentropy categorical_crossentropy categorical_focal_crossentropy
    categorical_generalized_cross_entropy categorical_hinge circle cosine_similarity ctc dice hinge huber kl_divergence
    log_cosh mean_absolute_error mean_absolute_percentage_error mean_squared_error mean_squared_logarithmic_error
    poisson sparse_categorical_crossentropy squared_hinge tversky""")
METRICS = LOSSES | words("""
    accuracy auc binary_accuracy binary_io_u categorical_accuracy concordance_correlation exact_accuracy f1_score
    f_beta_score false_negatives false_positives io_u log_cosh_error mean mean_io_u one_hot_io_u one_hot_mean_io_u
    pearson_correlation precision precision_at_recall r2_score recall recall_at_precision root_mean_squared_error
    sensitivity_at_specificity sparse_categorical_accuracy sparse_top_k_categorical_accuracy
    specificity_at_sensitivity sum top_k_categorical_accuracy true_negatives true_positives""")
ALIASES = {"MaxPool1D": "MaxPooling1D", "MaxPool2D": "MaxPooling2D", "MaxPool3D": "MaxPooling3D",
           "AvgPool1D": "AveragePooling1D", "AvgPool2D": "AveragePooling2D", "AvgPool3D": "AveragePooling3D",
           "GlobalMaxPool1D": "GlobalMaxPooling1D", "GlobalMaxPool2D": "GlobalMaxPooling2D",
           "GlobalAvgPool1D": "GlobalAveragePooling1D", "GlobalAvgPool2D": "GlobalAveragePooling2D",
           "Convolution1D": "Conv1D", "Convolution2D": "Conv2D", "Convolution3D": "Conv3D"}
"""Other names of Keras's for the same layers."""


def known_layer(name: str) -> str:
    """Return Keras's main name of a layer.

    Raises:
        CheckError: there is no layer of this name, or none whose settings can be compared.
    """
    return known(ALIASES.get(name, name), LAYERS, "layer")


def known_callback(name: str) -> str:
    """Return the name of a callback; raises like `known_layer`."""
    return known(name, CALLBACKS, "callback")


def known_schedule(name: str) -> str:
    """Return the name of a learning-rate schedule; raises like `known_layer`."""
    return known(name, SCHEDULES, "learning-rate schedule")


def require_settings(kind: str, given: Iterable[str], allowed: Iterable[str]) -> None:
    """Raise unless all settings are among the known ones.

    Raises:
        CheckError: names the first one that is not, and the nearest.
    """
    names = sorted(allowed)
    for name in given:
        if name not in names:
            what = f"has the settings {', '.join(names)}" if names else "has no settings"
            raise CheckError(f"{kind} {what}, as far as a check can compare them, not {name!r}"
                             f"{_nearest(name, names)}; correct the check.")


def known(name: str, names: Iterable[str], kind: str) -> str:
    """Return a name that is among the known ones; raises like `known_layer`."""
    if name not in names:
        raise CheckError(f"There is no {kind} {name!r} that a check can name{_nearest(name, names)}; correct the "
                         "check.")
    return name


def _nearest(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(name), list(names), n=1, cutoff=0.6)
    return f" (did you mean {near[0]!r}?)" if near else ""
