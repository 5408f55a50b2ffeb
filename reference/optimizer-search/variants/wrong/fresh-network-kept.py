"""Makes a new network with the best optimizer and forgets that it is not trained yet."""

LOSES = ["search-folds", "search-training", "scores-are-real", "best-accuracy"]

# %% [search]
search = GridSearchCV(SKLearnClassifier(create_network), param_grid, cv=FOLDS)
search.fit(X_train, y_train, epochs=EPOCHS, batch_size=BATCH_SIZE, verbose=0)
results = search.cv_results_
mean_scores, score_deviations = results["mean_test_score"], results["std_test_score"]
best_model = create_network(X_train, np.eye(10), **search.best_params_["model_kwargs"])
best_accuracy = best_model.evaluate(X_test, keras.utils.to_categorical(y_test, 10), verbose=0)[1]
