"""Leaves `cv` out: scikit-learn takes five folds."""

LOSES = ["search-folds"]

# %% [search]
search = GridSearchCV(SKLearnClassifier(create_network), param_grid)
search.fit(X_train, y_train, epochs=EPOCHS, batch_size=BATCH_SIZE, verbose=0)
results = search.cv_results_
mean_scores, score_deviations = results["mean_test_score"], results["std_test_score"]
best_model = search.best_estimator_.model_
best_accuracy = best_model.evaluate(X_test, keras.utils.to_categorical(y_test, 10), verbose=0)[1]
