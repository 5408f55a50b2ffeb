"""Gives batch size and epochs to the wrapper as `fit_kwargs`, which its copies forget: Keras takes batches of 32."""

LOSES = ["search-training"]

# %% [search]
settings = {"epochs": EPOCHS, "batch_size": BATCH_SIZE}
search = GridSearchCV(SKLearnClassifier(create_network, fit_kwargs=settings), param_grid, cv=FOLDS)
search.fit(X_train, y_train)
results = search.cv_results_
mean_scores, score_deviations = results["mean_test_score"], results["std_test_score"]
best_model = search.best_estimator_.model_
best_accuracy = best_model.evaluate(X_test, keras.utils.to_categorical(y_test, 10), verbose=0)[1]
