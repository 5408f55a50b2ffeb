"""Searches on the test images: the winner has seen what it is measured with."""

LOSES = ["search-training"]

# %% [search]
search = GridSearchCV(SKLearnClassifier(create_network), param_grid, cv=FOLDS)
search.fit(X_test, y_test, epochs=EPOCHS, batch_size=BATCH_SIZE, verbose=0)
results = search.cv_results_
mean_scores, score_deviations = results["mean_test_score"], results["std_test_score"]
best_model = search.best_estimator_.model_
best_accuracy = best_model.evaluate(X_test, keras.utils.to_categorical(y_test, 10), verbose=0)[1]
