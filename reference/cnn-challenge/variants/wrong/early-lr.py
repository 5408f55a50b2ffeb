"""Says `lr`, which older versions took for `learning_rate`: the model stays uncompiled and cannot be trained."""

LOSES = ["guided-optimizer"]

# %% [guided-compile]
guided_model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.Adagrad(lr=0.01), metrics=["accuracy"])
