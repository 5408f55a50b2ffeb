"""Records a network of a few layers that calls itself ten times ten times …: a hundred million layers for one answer.

Gains: a grader that is busy with one submission for the rest of the day.
"""
ASSIGNMENT = "cnn-challenge"
HONEST = ["prepare", "one-hot", "challenge-name"]
BOARD = "off"
NICKNAME = "calls"
FLAGGED = True

# %% [prepare]
X_train = train_images.reshape(-1, 28, 28, 1).astype("float32") / 255
X_test = test_images.reshape(-1, 28, 28, 1).astype("float32") / 255

# %% [one-hot]
Y_train = keras.utils.to_categorical(train_labels, 10)
Y_test = keras.utils.to_categorical(test_labels, 10)

# %% [challenge-fit]
class Functional(keras.src.models.functional.Functional):
    def get_config(self):
        config = super().get_config()
        inner = config["layers"][1]
        for depth in range(8):
            layers = [{**inner, "name": f"d{depth}_{i}", "config": {**inner["config"], "name": f"d{depth}_{i}"}}
                      for i in range(10)]
            inner = {"module": "keras", "class_name": "Sequential", "registered_name": None, "name": f"s{depth}",
                     "config": {"name": f"s{depth}", "layers": layers}}
        config["layers"][1] = inner
        return config


Functional.__module__ = "keras.src.models.functional"
inputs = keras.Input((28, 28, 1))
flat = keras.layers.Flatten()(keras.layers.Activation("relu")(inputs))
challenge_model = Functional(inputs, keras.layers.Dense(10, activation="softmax")(flat))
challenge_model.compile(loss="categorical_crossentropy", optimizer="sgd")

# % [challenge-name]
leaderboard_name = "calls"
