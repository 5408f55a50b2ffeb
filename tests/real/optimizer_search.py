"""Hand-ins of `optimizer-search`."""

from __future__ import annotations

from tests.fairness.editors import run_it, strip_ids
from tests.real.work import Work, hand_ins

hand_in = hand_ins("optimizer-search")


@hand_in
def names_imported_in_the_locked_cell(work: Work) -> None:
    work.type_into("load", "from keras.layers import Dense, Input\nfrom keras.models import Sequential")
    work.answer("create-network", """
        def create_network(X, y, optimizer='adam'):
            model = Sequential()
            model.add(Input((X.shape[1],)))
            model.add(Dense(UNITS, activation='relu'))
            model.add(Dense(y.shape[1], activation='softmax'))
            model.compile(loss='categorical_crossentropy', optimizer=optimizer, metrics=['accuracy'])
            return model
    """)


@hand_in
def table_by_pandas(work: Work) -> None:
    work.swap("search", (
        'results = search.cv_results_\n', 'import pandas as pd\n\nresults = pd.DataFrame(search.cv_results_)\n'))
    work.answer("table", """
        names = [entry['optimizer'] for entry in results['param_model_kwargs']]
        table = {name: (m, s) for name, m, s in zip(names, results.mean_test_score, results.std_test_score)}
        pd.DataFrame(table, index=['mean', 'std']).T.sort_values('mean')
    """)
    work.answer("best", "best_optimizer = pd.DataFrame(table).loc[0].idxmax()")


@hand_in
def old_wrapper(work: Work) -> None:
    work.answer("search", """
        from keras.wrappers.scikit_learn import KerasClassifier

        model = KerasClassifier(build_fn=create_network, epochs=EPOCHS, batch_size=BATCH_SIZE, verbose=0)
        search = GridSearchCV(estimator=model, param_grid=param_grid, cv=FOLDS)
        search = search.fit(X_train, y_train)
        results = search.cv_results_
        mean_scores, score_deviations = results["mean_test_score"], results["std_test_score"]
        best_model = search.best_estimator_.model
        best_accuracy = best_model.evaluate(X_test, keras.utils.to_categorical(y_test))[1]
    """)


@hand_in
def talkative_search(work: Work) -> None:
    work.swap("search", ("cv=FOLDS)", "cv=FOLDS, n_jobs=1, verbose=3)"), (", verbose=0)\nresults", ")\nresults"))
    work.answer("best", "best_optimizer = search.best_params_['model_kwargs']['optimizer']")
    work.edit(run_it)


@hand_in
def last_training_not_counted(work: Work) -> None:
    work.answer("count-trainings", """
        number_of_trainings = len(optimizers) * FOLDS
        images_per_training = TRAIN_IMAGES - TRAIN_IMAGES // FOLDS
    """)


@hand_in
def test_images_not_scaled(work: Work) -> None:
    work.answer("prepare", """
        X_train = train_images.reshape(TRAIN_IMAGES, 784)
        X_test = test_images.reshape(TEST_IMAGES, 784)
        X_train = X_train.astype('float32')
        X_test = X_test.astype('float32')
        X_train /= 255
    """)


@hand_in
def before_the_search(work: Work) -> None:
    work.stop_before("search")


@hand_in
def scaled_up_adadelta_by_its_old_name(work: Work) -> None:
    work.swap("mend-adadelta", ("learning_rate=1.0", "lr=1.0"))
    work.edit(strip_ids)
