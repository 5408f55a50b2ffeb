"""Splits the network into helpers, names the scoring, and asks the search itself for its best entry."""

# %% [create-network]
def dense_layers(units, classes):
    return [keras.layers.Dense(units, activation="relu"), keras.layers.Dense(classes, activation="softmax")]


def create_network(X, y, optimizer, units=UNITS):
    network = keras.Sequential([keras.Input((X.shape[1],)), *dense_layers(units, y.shape[1])])
    settings = {"loss": "categorical_crossentropy", "optimizer": optimizer, "metrics": ["accuracy"]}
    network.compile(**settings)
    return network

# %% [search]
estimator = SKLearnClassifier(create_network)
search = GridSearchCV(estimator, param_grid, scoring="accuracy", cv=FOLDS)
search = search.fit(X_train, y_train, epochs=EPOCHS, batch_size=BATCH_SIZE, verbose=0)
results = search.cv_results_
mean_scores = results["mean_test_score"]
score_deviations = results["std_test_score"]
best_model = search.best_estimator_.model_
best_accuracy = (best_model.predict(X_test, verbose=0).argmax(axis=1) == y_test).mean()

# %% [best]
best_optimizer = param_grid["model_kwargs"][search.best_index_]["optimizer"]

# %% [plot]
def draw(names, middles, halves):
    places = np.arange(len(names))
    plt.scatter(places, middles)
    plt.vlines(places, middles - halves, middles + halves)
    plt.xticks(places, names, rotation=45)
    plt.ylabel("accuracy")


draw(list(table), mean_scores, score_deviations)
plt.show()
