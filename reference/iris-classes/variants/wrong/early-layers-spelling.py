"""Takes `keras.layers.core` from an old book: today's Keras has no such module, so there is no network to compile or train."""

LOSES = [
    "iris-units", "iris-activations", "iris-softmax", "iris-loss", "iris-optimizer", "iris-fit-data", "iris-schedule",
    "iris-validation",
]

# %% [build]
from keras.layers.core import Dense
from keras.models import Sequential

iris_model = Sequential()
iris_model.add(Dense(1000, input_dim=4, activation="relu"))
iris_model.add(Dense(500, activation="relu"))
iris_model.add(Dense(70, activation="relu"))
iris_model.add(Dense(3, activation="softmax"))

# %% [count-parameters]
parameters_per_flower = 4507
