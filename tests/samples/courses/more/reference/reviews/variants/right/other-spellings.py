"""Takes loss and metric as objects, asks the network directly, and counts words in a loop."""

# %% [train]
model.compile(keras.optimizers.Adam(learning_rate=1e-2), keras.losses.BinaryCrossentropy(),
              metrics=[keras.metrics.BinaryAccuracy()])
history = model.fit(x=X_train, y=train_praise, epochs=EPOCHS, validation_split=0.2, verbose=0)

# %% [judge]
def praise_probability(texts):
    return [float(answer[0]) for answer in np.array(model(vectorize(texts)))]

# %% [unknown]
def unknown_share(texts):
    shares = []
    for text in texts:
        words = text.split(" ")
        unknown = [word for word in words if word not in vectorize.get_vocabulary()]
        shares.append(len(unknown) / len(words))
    return shares
