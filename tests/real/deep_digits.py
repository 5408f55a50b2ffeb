"""Hand-ins of `deep-digits`."""

from __future__ import annotations

from tests.fairness.editors import duplicate, run_it
from tests.real.work import Work, hand_ins

hand_in = hand_ins("deep-digits")


@hand_in
def imports_between_the_cells(work: Work) -> None:
    work.type_into("load", "from keras import Sequential, Input\nfrom keras.layers import Dense, Dropout",
                   on_top=False)
    work.answer("create-dnn", """
        def create_DNN(input_shape, num_classes):
            net = Sequential()
            net.add(Input(shape=input_shape))
            net.add(Dense(400, activation='relu'))
            net.add(Dense(100, activation='relu'))
            net.add(Dropout(0.5))
            net.add(Dense(num_classes, activation='softmax'))
            return net
    """)


@hand_in
def digits_in_a_list(work: Work) -> None:
    work.answer("predict", """
        probabilities = adam_model.predict(X_test)
        predicted_labels = [int(np.argmax(row)) for row in probabilities]
        mistakes = 0
        for seen, label in zip(predicted_labels, test_labels):
            if seen != label:
                mistakes += 1
        mistakes
    """)


@hand_in
def class_of_its_own(work: Work) -> None:
    work.answer("create-dnn", """
        class DNN(keras.Model):
            def __init__(self, num_classes):
                super().__init__()
                self.first = keras.layers.Dense(400, activation='relu')
                self.second = keras.layers.Dense(100, activation='relu')
                self.drop = keras.layers.Dropout(0.5)
                self.out = keras.layers.Dense(num_classes, activation='softmax')

            def call(self, x, training=False):
                x = self.second(self.first(x))
                return self.out(self.drop(x, training=training))

        def create_DNN(input_shape, num_classes):
            model = DNN(num_classes)
            model(np.zeros((1, *input_shape), dtype='float32'))
            return model
    """)


@hand_in
def arguments_ignored(work: Work) -> None:
    work.swap("create-dnn", ("shape=input_shape", "shape=(784,)"), ("Dense(num_classes", "Dense(10"))


@hand_in
def cells_twice(work: Work) -> None:
    for seed in (5, 6, 7):
        work.edit(duplicate, seed=seed)
    work.edit(run_it)


@hand_in
def curves_by_pandas(work: Work) -> None:
    work.answer("plots", """
        import pandas as pd

        frame = pd.DataFrame(adam_history.history)
        fig, ax = plt.subplots(2, 1, figsize=(6, 8))
        frame[['accuracy', 'val_accuracy']].plot(ax=ax[0], xlabel='epoch', ylabel='accuracy')
        frame[['loss', 'val_loss']].plot(ax=ax[1], xlabel='epoch', ylabel='loss')
        plt.tight_layout()
    """)


@hand_in
def weights_saved_under_an_old_name(work: Work) -> None:
    work.answer("train", work.code("train") + "\nadam_model.save_weights('best.h5')\nprint('saved')")


@hand_in
def sgd_left_for_later(work: Work) -> None:
    work.blank("sgd", "is-adam-better")


@hand_in
def bias_of_the_text_and_pixels_of_its_own(work: Work) -> None:
    work.answer("scale", """
        X_train = X_train.astype('float32') / 255.0
        X_test = X_test.astype('float32') / 256.0
    """)
    work.answer("count-parameters", "first_layer_parameters = 400 * 784")


@hand_in
def optimizer_by_name(work: Work) -> None:
    work.swap("compile-model", ("optimizer=optimizer", "optimizer='adam'"))
