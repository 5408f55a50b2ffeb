"""Adds the layers one by one under the names of older books, with the softmax as a layer of its own."""

# %% [build]
from tensorflow.keras.layers import Activation, Conv2D, Dense, Flatten, MaxPool2D
from tensorflow.keras.models import Sequential

model = Sequential()
model.add(Conv2D(num_filters, filter_size, input_shape=(28, 28, 1)))
model.add(MaxPool2D(pool_size=pool_size))
model.add(Flatten())
model.add(Dense(10))
model.add(Activation("softmax"))
