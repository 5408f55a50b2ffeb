"""Lines that ran on an early version of Keras, TensorFlow or NumPy and stop today, with a word of what is said of them.

One entry per spelling: what a student may type, and a part of the sentence with today's spelling. Before them ran
`PREAMBLE`.
"""

from __future__ import annotations

PREAMBLE = """
import numpy as np
import keras
import tensorflow as tf
from keras import backend as K
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile("sgd", "mse", metrics=["accuracy"])
x, y = np.ones((4, 1)), np.ones((4, 1))
history = model.fit(x, y, verbose=0)
logs = {"accuracy": 0.99, "loss": 0.1}
"""

EARLY: dict[str, str] = {
    # histories and callbacks
    "history.history['acc']": "`accuracy`",
    "history.history['val_acc']": "`val_accuracy`",
    "history.history['categorical_accuracy']": "`accuracy`",
    "history.history['mean_squared_error']": "`mse`",
    "logs.get('acc') > 0.98": "`accuracy`",
    "logs.get('val_acc') >= 0.98": "`val_accuracy`",
    "logs['acc']": "`accuracy`",
    "keras.callbacks.ModelCheckpoint('best.hdf5')": "`.keras`",
    "keras.callbacks.ModelCheckpoint('best.h5', save_weights_only=True)": "`.weights.h5`",
    "keras.callbacks.ModelCheckpoint('best.keras', period=5)": "`save_freq`",
    "keras.callbacks.TensorBoard(batch_size=32)": "`batch_size`",
    "model.save_weights('w.h5')": "`.weights.h5`",
    "model.save_weights('w.hdf5')": "`.weights.h5`",
    "model.save('model')": "`.keras`",
    # fit, evaluate, predict
    "model.fit(x, y, nb_epoch=1)": "`epochs`",
    "model.fit(x, y, workers=2)": "`workers`",
    "model.fit(x, y, use_multiprocessing=True)": "`workers`",
    "model.fit(x, y, max_queue_size=5)": "`workers`",
    "model.fit(x, y, show_accuracy=True)": "metrics=",
    "model.fit(x, y, samples_per_epoch=4)": "`steps_per_epoch`",
    "model.fit_generator(x)": "`fit` takes generators",
    "model.evaluate_generator(x)": "`evaluate` takes generators",
    "model.predict_generator(x)": "`predict` takes generators",
    "model.predict_classes(x)": "argmax",
    "model.predict_proba(x)": "probabilities",
    "model.predict([7.0])": "np.array",
    "model.predict(7.0)": "np.array",
    "model.fit([1.0, 2.0], [1.0, 2.0])": "np.array",
    "model.uses_learning_phase": "`uses_learning_phase`",
    "model.validation_data": "`validation_data`",
    # compile and optimizers
    "model.compile('sgd', 'mse', metrics='accuracy')": "`metrics=[\"accuracy\"]`",
    "model.compile('sgd', 'mse', class_mode='categorical')": "`class_mode`",
    "keras.optimizers.SGD(lr=0.1)": "`learning_rate`",
    "keras.optimizers.adam()": "`Adam`",
    "from keras.optimizers import adam": "`Adam`",
    "from keras.optimizers import sgd": "`SGD`",
    "from keras.optimizers import rmsprop": "`RMSprop`",
    "keras.optimizers.legacy.Adam()": "`keras.optimizers`",
    "keras.optimizers.TFOptimizer": "`keras.optimizers`",
    "model.optimizer.lr": "`learning_rate`",
    "tf.train.AdamOptimizer()": "`keras.optimizers.Adam`",
    "tf.train.GradientDescentOptimizer(0.1)": "`keras.optimizers.SGD`",
    # layers
    "from keras.layers.core import Dense": "`keras.layers`",
    "from keras.layers.convolutional import Conv2D": "`keras.layers`",
    "from keras.layers.normalization import BatchNormalization": "`keras.layers`",
    "keras.layers.Convolution2D(8, 3, 3, border_mode='same')": "`padding`",
    "keras.layers.Dense(output_dim=3)": "`units`",
    "keras.layers.Dense(3, init='uniform')": "`kernel_initializer`",
    "keras.layers.Dense(3, W_regularizer=None)": "`kernel_regularizer`",
    "keras.layers.Dropout(p=0.5)": "`rate`",
    "keras.layers.BatchNormalization(mode=0)": "`mode`",
    "keras.layers.merge": "`keras.layers.Add`",
    "from keras.layers import merge": "`keras.layers.Add`",
    "from keras.layers import Merge": "`keras.layers.Add`",
    "keras.layers.MaxoutDense(3)": "`MaxoutDense`",
    "keras.layers.CuDNNLSTM(3)": "`keras.layers.LSTM`",
    "keras.layers.experimental.preprocessing.Rescaling(1)": "`keras.layers`",
    # models
    "keras.models.Model(input=1, output=2)": "`inputs`",
    "from keras.engine import Layer": "`keras.engine`",
    "from keras.engine.topology import Layer": "`keras.engine`",
    "keras.Sequential().add_node": "functional",
    "from keras.models import Graph": "functional",
    "from keras.legacy import interfaces": "`keras.legacy`",
    # utilities
    "from keras.utils import np_utils": "`keras.utils.to_categorical`",
    "keras.utils.np_utils.to_categorical([1])": "`keras.utils.to_categorical`",
    "from keras.utils import to_categorial": "`to_categorical`",
    "keras.utils.to_categorical([1], nb_classes=2)": "`num_classes`",
    "from keras.utils.vis_utils import plot_model": "`keras.utils.plot_model`",
    "from keras.utils import vis_utils": "`keras.utils.plot_model`",
    "from keras.utils import multi_gpu_model": "`multi_gpu_model`",
    "from keras.utils.generic_utils import get_custom_objects": "`keras.utils`",
    "from keras.utils.layer_utils import print_summary": "`model.summary()`",
    "from keras.preprocessing.image import ImageDataGenerator": "`RandomFlip`",
    "keras.preprocessing.image.ImageDataGenerator()": "`RandomFlip`",
    "from keras.preprocessing.text import Tokenizer": "`TextVectorization`",
    "from keras.preprocessing import image; image.load_img_and_more": "`keras.utils`",
    "from keras.wrappers.scikit_learn import KerasClassifier": "`keras.wrappers.SKLearnClassifier`",
    "from keras.datasets import mnist; mnist.load_data('a', 'b')": "`load_data()`",
    "from keras.objectives import mse": "`keras.losses`",
    "keras.initializations": "`keras.initializers`",
    # backend and TensorFlow 1
    "K.get_value(model.optimizer.learning_rate)": "`float(",
    "K.set_value(model.optimizer.learning_rate, 0.1)": ".assign(",
    "K.image_dim_ordering()": "`keras.backend.image_data_format()`",
    "K.set_image_dim_ordering('tf')": "`keras.backend.image_data_format()`",
    "K.set_session(1)": "no sessions",
    "K.get_session()": "no sessions",
    "K.tensorflow_backend": "no sessions",
    "K.mean(x)": "`keras.ops.mean`",
    "K.learning_phase()": "`training`",
    "tf.Session()": "at once",
    "tf.placeholder('float')": "at once",
    "tf.ConfigProto()": "`tf.compat.v1`",
    "tf.GPUOptions()": "`tf.compat.v1`",
    "tf.global_variables_initializer()": "at once",
    "tf.set_random_seed(1)": "`keras.utils.set_random_seed`",
    "tf.reset_default_graph()": "at once",
    "tf.get_variable('a')": "at once",
    "tf.logging.set_verbosity(1)": "`tf.get_logger()`",
    "tf.contrib": "`tf.contrib`",
    "import tensorflow.contrib": "`tensorflow.contrib`",
    "tf.keras.utils.np_utils": "`keras.utils.to_categorical`",
    "tf.layers.dense": "`keras.layers`",
    # NumPy
    "np.float(1)": "Python's `float`",
    "np.int(1)": "Python's `int`",
    "np.bool8(1)": "`np.bool_`",
    "np.product([1])": "`np.prod`",
    "np.float_(1)": "`np.float64`",
    "np.Inf": "`np.inf`",
    "np.NaN": "`np.nan`",
    "np.in1d([1], [1])": "`np.isin`",
    "np.asscalar(np.array(1))": ".item()`",
    "np.matrix([1]) * np.trapz([1])": "`np.trapezoid`",
}
