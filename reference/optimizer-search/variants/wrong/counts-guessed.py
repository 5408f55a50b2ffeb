"""Forgets the last training on all images, and takes one fold for the three that are trained on."""

LOSES = ["number-of-trainings", "images-per-training"]

# %% [count-trainings]
number_of_trainings = 7 * FOLDS
images_per_training = TRAIN_IMAGES / FOLDS
