"""Hand-ins of `iris-classes`."""

from __future__ import annotations

from tests.fairness.editors import run_it, strip_ids
from tests.real.work import Work, hand_ins

hand_in = hand_ins("iris-classes")


@hand_in
def table_of_pandas(work: Work) -> None:
    work.answer("read-data", """
        import pandas as pd

        df = pd.read_csv('iris.csv')
        df.head()
        flowers = df.iloc[:, 0:4]
        kinds = df['kind']
    """)
    work.answer("one-hot", "one_hot_kinds = pd.get_dummies(kinds).astype(int)")


@hand_in
def short_names_in_the_locked_cell(work: Work) -> None:
    work.type_into("load", "from keras.models import Sequential\nfrom keras.layers import Dense\n"
                           "from keras.optimizers import Adagrad\nimport pandas as pd")
    work.answer("build", """
        iris_model = Sequential()
        iris_model.add(Dense(1000, activation='relu', input_dim=4))
        iris_model.add(Dense(500, activation='relu'))
        iris_model.add(Dense(70, activation='relu'))
        iris_model.add(Dense(3, activation='softmax'))
    """)
    work.answer("compile", "iris_model.compile(optimizer=Adagrad(0.01), loss='categorical_crossentropy', "
                           "metrics=['accuracy'])")


@hand_in
def rate_under_its_old_name(work: Work) -> None:
    work.swap("compile", ("learning_rate=0.01", "lr=0.01"))


@hand_in
def dots_while_training(work: Work) -> None:
    work.own("""
        class PrintDot(keras.callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None):
                if epoch % 100 == 0:
                    print('')
                print('.', end='')
    """, above="fit")
    work.swap("fit", ("verbose=0", "verbose=0, callbacks=[PrintDot()]"))
    work.edit(run_it)


@hand_in
def wrong_diagnosis(work: Work) -> None:
    work.swap("read-curves", ('"overfitting"', "'underfitting'"))


@hand_in
def yes_or_no_loss(work: Work) -> None:
    work.swap("compile", ('"categorical_crossentropy"', "'binary_crossentropy'"))


@hand_in
def digits_handed_in_for_flowers(work: Work) -> None:
    work.notebook["metadata"] = {"colab": {"name": "Untitled3.ipynb"}}
    work.cells.clear()
    work.own("""
        import tensorflow as tf
        (x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
        x_train, x_test = x_train / 255.0, x_test / 255.0
    """)
    work.own("""
        net = tf.keras.models.Sequential([tf.keras.layers.Flatten(), tf.keras.layers.Dense(10)])
        net.compile('adam', tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True), ['accuracy'])
    """)
    work.own("net.fit(x_train, y_train, epochs=5)")


@hand_in
def regularizer_in_a_larger_network(work: Work) -> None:
    work.answer("mend", """
        from keras import layers, regularizers, callbacks

        mended_model = keras.Sequential([
            layers.Input((4,)),
            layers.Normalization(),
            layers.Dense(32, activation='relu', kernel_regularizer=regularizers.l2(1e-4)),
            layers.Dropout(0.1),
            layers.Dense(3, activation='softmax'),
        ])
        mended_model.layers[0].adapt(flowers[:120])
        mended_model.compile('adam', 'categorical_crossentropy', weighted_metrics=['accuracy'])
        stop = callbacks.EarlyStopping(patience=20, restore_best_weights=True)
        mended_history = mended_model.fit(
            flowers, one_hot_kinds, epochs=MEND_EPOCHS, validation_split=.2, callbacks=[stop], verbose=0)
    """)


@hand_in
def no_own_network(work: Work) -> None:
    work.stop_before("mend")
    work.edit(strip_ids)
