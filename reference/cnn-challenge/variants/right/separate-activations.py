"""Puts the activations into layers of their own, and says the input shape in the first layer, as older books do."""

# %% [guided-build]
from tensorflow.keras import layers
from tensorflow.keras.models import Sequential

guided_model = Sequential(
    [
        layers.BatchNormalization(input_shape=(28, 28, 1)),
        layers.Conv2D(4, 5),
        layers.Activation("relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(16, 5),
        layers.ReLU(),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(100),
        layers.Activation("relu"),
        layers.Dropout(0.4),
        layers.Dense(10),
        layers.Softmax(),
    ]
)
