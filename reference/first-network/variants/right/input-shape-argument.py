"""Says the size of the input in the first dense layer, as older books do, and imports everything by name."""

# %% [load]
from tensorflow.keras.datasets import mnist

(train_images, train_labels), (test_images, test_labels) = mnist.load_data()

# %% [one-hot]
from tensorflow.keras.utils import to_categorical

Y_train = to_categorical(train_labels, num_classes=10)
Y_test = to_categorical(test_labels, num_classes=10)

# %% [build]
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential

model = Sequential()
model.add(Dense(10, activation="sigmoid", input_shape=(784,)))
model.add(Dense(10, activation="softmax"))

# %% [compile]
model.compile(loss="categorical_crossentropy", optimizer="SGD", metrics=["acc"])
