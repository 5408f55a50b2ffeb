"""Says `nb_epoch`, which Keras 1 took for `epochs`: fit refuses it, and the network keeps its starting weights."""

LOSES = ["guided-data", "guided-validation", "guided-epochs", "guided-accuracy"]
BLOCKS = ["guided-curves", "guided-labels"]

# %% [guided-fit]
guided_history = guided_model.fit(X_train, Y_train, batch_size=100, nb_epoch=EPOCHS, validation_split=0.2, verbose=2)
