"""Hand-ins of `cnn-challenge`."""

from __future__ import annotations

from tests.fairness.editors import run_it, translate
from tests.real.work import Work, hand_ins

hand_in = hand_ins("cnn-challenge")


@hand_in
def layers_imported_in_the_locked_cell(work: Work) -> None:
    work.type_into("load", "from keras import layers, models\nfrom keras.optimizers import Adagrad, Adam")
    work.answer("guided-build", """
        guided_model = models.Sequential()
        guided_model.add(layers.BatchNormalization(input_shape=(28, 28, 1)))
        guided_model.add(layers.Conv2D(4, (5, 5), activation='relu'))
        guided_model.add(layers.MaxPooling2D((2, 2)))
        guided_model.add(layers.Conv2D(16, (5, 5), activation='relu'))
        guided_model.add(layers.MaxPooling2D((2, 2)))
        guided_model.add(layers.Flatten())
        guided_model.add(layers.Dense(100, activation='relu'))
        guided_model.add(layers.Dropout(0.4))
        guided_model.add(layers.Dense(10, activation='softmax'))
    """)
    work.answer("guided-compile", "guided_model.compile(Adagrad(0.01), 'categorical_crossentropy', metrics=['acc'])")
    work.answer("curves", """
        for name, numbers in guided_history.history.items():
            plt.plot(numbers, label=name)
        plt.xlabel('epoch')
        plt.ylabel('accuracy, loss')
        plt.legend()
    """)


@hand_in
def shifted_images(work: Work) -> None:
    work.swap("challenge-fit", (
        "keras.Input(shape=(28, 28, 1)),",
        "keras.Input(shape=(28, 28, 1)),\n        keras.layers.RandomTranslation(0.05, 0.05),"))


@hand_in
def best_epoch_loaded_again(work: Work) -> None:
    work.swap("challenge-fit", ("validation_split=0.1, verbose=2", "validation_split=0.1, verbose=2,\n    callbacks=["
                                "keras.callbacks.ModelCheckpoint('best.keras', save_best_only=True)]"))
    work.own("challenge_model = keras.models.load_model('best.keras')\nchallenge_model.evaluate(X_test, Y_test)",
             below="challenge-fit")


@hand_in
def own_class_of_network(work: Work) -> None:
    work.answer("challenge-fit", """
        class Net(keras.Model):
            def __init__(self):
                super().__init__()
                self.steps = [keras.layers.Conv2D(8, 5, activation='relu'), keras.layers.MaxPooling2D(),
                              keras.layers.Flatten(), keras.layers.Dense(10, activation='softmax')]

            def call(self, x):
                for step in self.steps:
                    x = step(x)
                return x

        inputs = keras.Input((28, 28, 1))
        challenge_model = keras.Model(inputs, Net()(inputs))
        challenge_model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
        challenge_history = challenge_model.fit(X_train, Y_train, epochs=BUDGET_EPOCHS, validation_split=0.2)
    """)


@hand_in
def trained_twice_as_long(work: Work) -> None:
    work.answer("challenge-fit", work.code("challenge-fit") + """
challenge_history = challenge_model.fit(
    X_train, Y_train, batch_size=64, epochs=BUDGET_EPOCHS, validation_split=0.1, verbose=2
)""")


@hand_in
def dropout_left_out(work: Work) -> None:
    work.swap("guided-build", ("        keras.layers.Dropout(0.4),\n", ""))


@hand_in
def long_nickname_and_standard_rate(work: Work) -> None:
    work.answer("challenge-name", "leaderboard_name = 'the one and only champion of all convolutions'")
    work.swap("guided-compile", ("keras.optimizers.Adagrad(learning_rate=0.01)", "'adagrad'"))


@hand_in
def no_challenge(work: Work) -> None:
    work.blank("challenge-fit", "challenge-name", "experiments", "best-of-many")
    work.edit(translate, run_it)


@hand_in
def channel_by_expand_dims(work: Work) -> None:
    work.answer("prepare", """
        X_train = np.expand_dims(np.array(train_images, dtype=np.float32), -1) / np.float32(255)
        X_test = np.expand_dims(np.array(test_images, dtype=np.float32), -1) / np.float32(255)
        print(X_train.shape, X_test.shape)
    """)
    work.answer("guided-evaluate", """
        score = guided_model.evaluate(X_test, Y_test)
        print('Test loss:', score[0])
        print('Test accuracy:', score[1])
        guided_accuracy = score[1]
        guided_digit = [np.argmax(row) for row in guided_model.predict(X_test)][8]
    """)
