"""Hand-ins of `mlp-digits`."""

from __future__ import annotations

from tests.fairness.editors import rewrite_sources, run_it, split_answer, strip_ids
from tests.real.work import Work, hand_ins

hand_in = hand_ins("mlp-digits")


@hand_in
def short_names_imported_on_top(work: Work) -> None:
    work.type_into("load", "from tensorflow.keras.models import Sequential\nfrom tensorflow.keras.layers import Dense, "
                           "Dropout\nfrom tensorflow.keras.utils import to_categorical")
    work.answer("relu-build", """
        relu_model = Sequential()
        relu_model.add(Dense(512, activation='relu', input_shape=(784,)))
        relu_model.add(Dense(512, activation='relu'))
        relu_model.add(Dense(10, activation='softmax'))
        print(relu_model.summary())
    """)
    work.answer("one-hot", "Y_train = to_categorical(y_train)\nY_test = to_categorical(y_test)")


@hand_in
def history_key_of_an_old_book(work: Work) -> None:
    work.answer("plots", """
        for h in (relu_ten_history, dropout_history):
            plt.plot(h.history['acc'])
            plt.plot(h.history['val_acc'])
        plt.title('accuracy')
        plt.ylabel('acc'); plt.xlabel('epoch')
        plt.legend(['train', 'test'])
        plt.show()
    """)


@hand_in
def each_set_by_itself(work: Work) -> None:
    work.answer("standardize", """
        X_train -= X_train.mean()
        X_train /= X_train.std()
        X_test -= X_test.mean()
        X_test /= X_test.std()
    """)


@hand_in
def standard_scaler(work: Work) -> None:
    work.answer("standardize", """
        from sklearn.preprocessing import StandardScaler

        scaler = StandardScaler()
        X_train = scaler.fit_transform(X_train)
        X_test = scaler.transform(X_test)
    """)


@hand_in
def one_function_for_all_networks(work: Work) -> None:
    work.own("""
        def make(activation, dropout=None):
            net = keras.Sequential()
            net.add(keras.layers.Input(shape=(784,)))
            for i in range(2):
                net.add(keras.layers.Dense(512, activation=activation))
                if dropout:
                    net.add(keras.layers.Dropout(dropout))
            net.add(keras.layers.Dense(10, activation='softmax'))
            return net

        def ready(net):
            net.compile('sgd', 'categorical_crossentropy', ['accuracy'])
            return net
    """, above="sigmoid-build")
    work.answer("sigmoid-build", "sigmoid_model = make('sigmoid')")
    work.answer("sigmoid-compile", "ready(sigmoid_model)")
    work.answer("relu-build", "relu_model = make('relu')")
    work.answer("relu-compile", "relu_model = ready(relu_model)")
    work.answer("dropout-build", "dropout_model = make('relu', 0.2)")


@hand_in
def second_compile_forgotten(work: Work) -> None:
    work.blank("relu-compile")


@hand_in
def first_half_only(work: Work) -> None:
    work.stop_before("relu-build")
    work.blank("why-sigmoid-fails")
    work.edit(run_it)


@hand_in
def number_in_quotation_marks(work: Work) -> None:
    work.answer("count-parameters", "first_layer_parameters = '401,920'")
    work.answer("updates", "updates_per_epoch = 6000 / 128")


@hand_in
def figures_one_by_one(work: Work) -> None:
    work.answer("plots", """
        def draw(key, title):
            plt.figure(figsize=(6, 4))
            plt.plot(relu_ten_history.history[key], 'b', label='relu train')
            plt.plot(relu_ten_history.history['val_' + key], 'b--', label='relu test')
            plt.plot(dropout_history.history[key], 'r', label='dropout train')
            plt.plot(dropout_history.history['val_' + key], 'r--', label='dropout test')
            plt.title(title)
            plt.xlabel('Epoche'); plt.ylabel(key)
            plt.legend(loc='best')
            plt.grid()

        draw('accuracy', 'Genauigkeit')
        draw('loss', 'Verlust')
    """)


@hand_in
def cells_split_and_ids_lost(work: Work) -> None:
    for seed in (1, 2, 3):
        work.edit(split_answer, seed=seed)
    work.edit(strip_ids, rewrite_sources, seed=4)


@hand_in
def dropout_after_the_first_layer_only(work: Work) -> None:
    work.answer("dropout-build", """
        dropout_model = keras.Sequential([
            keras.Input((784,)),
            keras.layers.Dense(512, 'relu'),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(512, 'relu'),
            keras.layers.Dense(10, 'softmax')])
    """)
