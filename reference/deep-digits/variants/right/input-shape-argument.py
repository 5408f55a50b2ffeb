"""Says the size of the input in the first dense layer, as older books do, and imports the layers by name."""

# %% [create-dnn]
from tensorflow.keras.layers import Dense, Dropout
from tensorflow.keras.models import Sequential


def create_DNN(input_shape, num_classes):
    model = Sequential()
    model.add(Dense(400, input_shape=input_shape, activation="relu"))
    model.add(Dense(100, activation="relu"))
    model.add(Dropout(0.5))
    model.add(Dense(num_classes, activation="softmax"))
    return model


create_DNN((784,), 10).summary()
