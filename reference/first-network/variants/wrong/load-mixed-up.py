"""Unpacks the images of both sets first and their labels second, as scikit-learn's `train_test_split` returns them.

`load_data` returns pairs. The names stay plausible, and nothing fails until the label of an image is looked up.
"""

LOSES = ["load-training", "load-test"]

# %% [load]
(train_images, test_images), (train_labels, test_labels) = keras.datasets.mnist.load_data()
