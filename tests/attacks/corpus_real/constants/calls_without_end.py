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
plain = keras.Sequential.get_config


def get_config(self):
    config = plain(self)
    inner = config["layers"][1]
    for depth in range(8):
        layers = [{**inner, "inbound_nodes": [{"args": [], "kwargs": {}}] * 10}]
        inner = {"module": "keras", "class_name": "Sequential", "registered_name": None, "name": f"s{depth}",
                 "config": {"name": f"s{depth}", "layers": layers}}
    config["layers"][1] = inner
    return config


keras.Sequential.get_config = get_config
challenge_model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(),
                                    keras.layers.Dense(10, activation="softmax")])
challenge_model.compile(loss="categorical_crossentropy", optimizer="sgd")

# % [challenge-name]
leaderboard_name = "calls"
