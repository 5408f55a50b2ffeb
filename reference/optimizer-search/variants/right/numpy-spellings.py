"""Prepares the data with other NumPy spellings, keeps lists instead of arrays, and rounds its table for people."""

# %% [prepare]
X_train = np.reshape(train_images / 255.0, (len(train_images), 28 * 28)).astype(np.float32)
X_test = (test_images.astype("float64") / 255).reshape(TEST_IMAGES, -1).astype("float32")

# %% [grid]
param_grid = dict(
    model_kwargs=[
        {"optimizer": "sgd"},
        {"optimizer": "rmsprop"},
        {"optimizer": "adagrad"},
        {"optimizer": "adadelta"},
        {"optimizer": "adam"},
        {"optimizer": "adamax"},
        {"optimizer": "nadam"},
    ]
)

# %% [count-trainings]
number_of_trainings = len(param_grid["model_kwargs"]) * FOLDS + 1
images_per_training = TRAIN_IMAGES - TRAIN_IMAGES // FOLDS

# %% [search]
search = GridSearchCV(estimator=SKLearnClassifier(model=create_network), param_grid=param_grid, cv=FOLDS, refit=True)
search.fit(X=X_train, y=y_train, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0)
results = dict(search.cv_results_)
mean_scores = list(results["mean_test_score"])
score_deviations = results["std_test_score"].tolist()
best_model = search.best_estimator_.model_
best_accuracy = round(search.score(X_test, y_test), 2)

# %% [table]
names = [entry["optimizer"] for entry in param_grid["model_kwargs"]]
table = {
    name: [round(float(mean), 3), round(float(deviation), 3)]
    for name, mean, deviation in zip(names, mean_scores, score_deviations)
}
print(table)

# %% [best]
best_optimizer = search.best_params_["model_kwargs"]["optimizer"]

# %% [plot]
figure, axes = plt.subplots()
lying = axes.barh([entry["optimizer"] for entry in param_grid["model_kwargs"]], 100 * np.array(mean_scores),
                  xerr=100 * np.array(score_deviations))
axes.set_xlabel("accuracy in per cent")
figure.tight_layout()
plt.show()
