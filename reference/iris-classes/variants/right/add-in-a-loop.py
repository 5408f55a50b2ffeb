"""Adds the layers in a loop, with activations as layers of their own."""

# %% [build]
iris_model = keras.Sequential(name="large")
iris_model.add(keras.Input((4,)))
for number, units in enumerate([1000, 500, 70]):
    iris_model.add(keras.layers.Dense(units, name=f"hidden_{number}"))
    iris_model.add(keras.layers.ReLU())
iris_model.add(keras.layers.Dense(3))
iris_model.add(keras.layers.Softmax())
