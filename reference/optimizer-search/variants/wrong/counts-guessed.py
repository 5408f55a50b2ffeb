"""Forgets the last training on all images, and that one fold is kept out of each of the others."""

LOSES = ["number-of-trainings", "images-per-training"]

# %% [count-trainings]
number_of_trainings = 7 * FOLDS
images_per_training = TRAIN_IMAGES
