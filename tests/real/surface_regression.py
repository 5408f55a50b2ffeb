"""Hand-ins of `surface-regression`."""

from __future__ import annotations

from tests.fairness.editors import rewrite_sources, run_it, translate
from tests.real.work import Work, hand_ins

hand_in = hand_ins("surface-regression")


@hand_in
def frames_of_pandas(work: Work) -> None:
    work.answer("read-data", """
        import pandas as pd

        train = pd.read_csv('surface_train.csv')
        test = pd.read_csv('surface_test.csv')
        X_train, y_train = train[['x1', 'x2']], train['y']
        X_test, y_test = test[['x1', 'x2']], test['y']
    """)
    work.swap("plot-surface", ("X_test[:, 0], X_test[:, 1]", "X_test.x1, X_test.x2"))


@hand_in
def error_by_sklearn(work: Work) -> None:
    work.answer("baseline", """
        from sklearn.metrics import mean_squared_error

        guess = np.full(len(y_test), np.mean(y_train))
        baseline_error = mean_squared_error(y_test, guess)
    """)


@hand_in
def early_stopping_with_its_defaults(work: Work) -> None:
    work.swap("mend", ('monitor="val_loss", patience=10, restore_best_weights=True', "patience=10"))


@hand_in
def absolute_error_twice(work: Work) -> None:
    work.swap("first-model", ('loss="mean_squared_error"', "loss='mae'"))
    work.swap("activations", ('loss="mean_squared_error"', "loss='mae'"))


@hand_in
def figure_the_old_way(work: Work) -> None:
    work.answer("plot-surface", """
        from mpl_toolkits.mplot3d import Axes3D

        fig = plt.figure()
        ax = plt.axes(projection='3d')
        ax.plot_wireframe(grid_x1, grid_x2, grid_heights)
        ax.scatter3D(X_test[:, 0], X_test[:, 1], y_test, c='r', marker='.')
        ax.set(xlabel='x1', ylabel='x2', zlabel='y')
        plt.show()
    """)


@hand_in
def until_the_diagnosis(work: Work) -> None:
    work.stop_before("slow-learning")
    work.edit(translate, run_it)


@hand_in
def imports_on_top_of_the_data(work: Work) -> None:
    work.type_into("load", "from tensorflow import keras\nfrom tensorflow.keras.models import Sequential\n"
                           "from tensorflow.keras.layers import Dense")
    work.answer("build-network", """
        def build_network(hidden_units, activation):
            model = Sequential()
            model.add(Dense(hidden_units[0], activation=activation, input_dim=2))
            for n in hidden_units[1:]:
                model.add(Dense(n, activation=activation))
            model.add(Dense(1))
            return model
    """)


@hand_in
def grid_by_loops(work: Work) -> None:
    work.answer("grid", """
        steps = [-4 + i * 8 / 24 for i in range(25)]
        grid_x1, grid_x2, grid_points = [], [], []
        for b in steps:
            grid_x1.append([a for a in steps])
            grid_x2.append([b for a in steps])
            for a in steps:
                grid_points.append([a, b])
        heights = predict_surface(np.array(grid_points))
        grid_heights = [list(heights[i * 25:(i + 1) * 25]) for i in range(25)]
    """)
    work.swap("plot-surface", ("grid_x1, grid_x2, grid_heights", "np.array(grid_x1), np.array(grid_x2), "
                                                                 "np.array(grid_heights)"))


@hand_in
def column_and_updates(work: Work) -> None:
    work.answer("predict-surface", "def predict_surface(points):\n    return best_model.predict(points, verbose=0)")
    work.swap("grid", ("predict_surface(grid_points)", "predict_surface(grid_points).ravel()"))
    work.answer("point", "height_at_point = predict_surface(np.array([[1.0, -2.0]]))[0][0]")
    work.answer("updates", "updates_per_epoch = 1000 // 10")
    work.edit(rewrite_sources)
