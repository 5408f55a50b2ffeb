"""Types the published scores and accuracy instead of taking those of the search."""

LOSES = ["scores-are-real", "best-evaluation"]

# %% [search]
search = GridSearchCV(SKLearnClassifier(create_network), param_grid, cv=FOLDS)
search.fit(X_train, y_train, epochs=EPOCHS, batch_size=BATCH_SIZE, verbose=0)
results = search.cv_results_
mean_scores = [0.974, 0.994, 0.81, 0.15, 0.995, 0.986, 0.997]
score_deviations = [0.003] * 7
best_model = search.best_estimator_.model_
best_accuracy = 0.997
