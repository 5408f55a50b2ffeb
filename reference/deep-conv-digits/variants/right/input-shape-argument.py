"""Says the shape of an image in the first convolution, as older books do, and imports the layers by name."""

# %% [create-cnn]
from tensorflow.keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPool2D
from tensorflow.keras.models import Sequential


def create_CNN(input_shape, num_classes):
    model = Sequential()
    model.add(Conv2D(10, kernel_size=(5, 5), activation="relu", input_shape=input_shape))
    model.add(MaxPool2D(pool_size=(2, 2)))
    model.add(Conv2D(20, (5, 5), activation="relu"))
    model.add(Dropout(0.5))
    model.add(MaxPool2D(pool_size=(2, 2)))
    model.add(Flatten())
    model.add(Dense(20 * 4 * 4, activation="relu"))
    model.add(Dropout(0.5))
    model.add(Dense(num_classes, activation="softmax"))
    return model


create_CNN(input_shape, 10).summary()
