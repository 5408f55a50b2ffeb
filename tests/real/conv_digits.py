"""Hand-ins of `conv-digits`."""

from __future__ import annotations

from tests.fairness.editors import run_it, strip_ids, translate
from tests.real.work import Work, hand_ins

hand_in = hand_ins("conv-digits")


@hand_in
def imports_in_the_load_cell(work: Work) -> None:
    work.type_into("load", "from keras.models import Sequential\nfrom keras.layers import Dense, Conv2D, MaxPooling2D, "
                           "Flatten, Input\nfrom keras.utils import to_categorical")
    work.answer("one-hot", "Y_train = to_categorical(train_labels, 10)\nY_test = to_categorical(test_labels, 10)")
    work.answer("build", """
        model = Sequential([
          Input(shape=(28, 28, 1)),
          Conv2D(num_filters, filter_size),
          MaxPooling2D(pool_size=pool_size),
          Flatten(),
          Dense(10, activation='softmax'),
        ])
    """)


@hand_in
def adam_with_lr(work: Work) -> None:
    work.answer("compile", """
        from keras.optimizers import Adam

        model.compile(optimizer=Adam(lr=0.001), loss='categorical_crossentropy', metrics=['accuracy'])
    """)


@hand_in
def network_built_in_the_cell_of_fit(work: Work) -> None:
    text = "\n".join(work.code(task) for task in ("build", "compile", "fit"))
    work.blank("build", "compile")
    work.answer("fit", text)


@hand_in
def function_in_the_locked_cell(work: Work) -> None:
    work.type_into("load", "def one_hot(labels):\n    return np.eye(10)[labels]", on_top=False)
    work.answer("one-hot", "Y_train = one_hot(train_labels)\nY_test = one_hot(test_labels)")


@hand_in
def colab_without_ids(work: Work) -> None:
    work.own("!pip install -q tensorflow keras", above="contract")
    work.own("from google.colab import files", above="load")
    work.colab("conv-digits.ipynb adlı dosyanın kopyası")
    work.edit(translate, strip_ids, run_it)


@hand_in
def half_precision(work: Work) -> None:
    work.own("keras.mixed_precision.set_global_policy('mixed_float16')", below="load")


@hand_in
def accuracy_from_the_history(work: Work) -> None:
    work.answer("accuracy", "test_accuracy = round(history.history['val_accuracy'][-1], 2)\ntest_accuracy")
    work.answer("predict", """
        predictions = model.predict(X_test[:4])
        print(predictions)
        first_digits = [int(np.argmax(p)) for p in predictions]
        last_digit = first_digits[3]
    """)


@hand_in
def accuracy_in_per_cent(work: Work) -> None:
    work.swap("accuracy", ("round(accuracy, 2)", "round(accuracy * 100, 2)"))


@hand_in
def padding_same(work: Work) -> None:
    work.swap("build", ("Conv2D(num_filters, filter_size)", "Conv2D(num_filters, filter_size, padding='same')"))


@hand_in
def metrics_left_out(work: Work) -> None:
    work.swap("compile", (', metrics=["accuracy"]', ""))
    work.answer("accuracy", """
        guessed = model.predict(X_test).argmax(axis=1)
        test_accuracy = round(float(np.mean(guessed == test_labels)), 2)
    """)


@hand_in
def written_answers_at_the_end(work: Work) -> None:
    text = "\n\n".join(f"Answer {number}: {work.code(name)}" for number, name in enumerate(
        ("few-parameters", "no-activation", "watching"), start=1))
    work.blank("few-parameters", "no-activation", "watching")
    work.own(text, kind="markdown")


@hand_in
def everything_again_below(work: Work) -> None:
    """An early attempt stays in the answer cells as comments; the right one is in cells below them."""
    for task in ("reshape", "build", "predict"):
        right = work.code(task)
        work.answer(task, "# YOUR CODE HERE\n# first try, does not work:\n# " + right.replace("\n", "\n# "))
        work.own(right, below=task)
