"""Makes assignments/reviews/reviews.csv, and texts that no student has: short opinions of restaurants, put together from parts of sentences. Nobody wrote one of them."""

import csv
from pathlib import Path

import numpy as np

COUNT = 700
PLACES = ["the tavern", "the bistro", "the canteen", "this cafe", "the pizzeria", "the noodle bar", "the grill", "the inn"]
THINGS = ["soup", "bread", "pasta", "service", "coffee", "music", "salad", "dessert", "terrace", "waiter", "menu", "wine"]
GOOD = ["lovely", "fresh", "friendly", "delicious", "excellent", "warm", "quick", "perfect", "charming", "tasty"]
BAD = ["cold", "slow", "stale", "rude", "bland", "awful", "greasy", "noisy", "sour", "dreadful"]
OPENINGS = ["we went to {place} on {day}", "yesterday {place} was full", "i had lunch at {place}", "a friend chose {place}",
            "{place} has a new cook", "we sat outside at {place}"]
DAYS = ["monday", "friday", "sunday", "a holiday", "my birthday"]
GOOD_ENDS = ["we will come back", "i can recommend it", "worth every cent", "ask for the table by the window"]
BAD_ENDS = ["never again", "i want my money back", "a waste of an evening", "go somewhere else"]


def make_review(random: np.random.RandomState) -> tuple[str, str]:
    """Return an opinion and its kind. "Not" turns a word round, so single words do not say everything."""
    praise = bool(random.randint(2))
    parts = [str(random.choice(OPENINGS)).format(place=random.choice(PLACES), day=random.choice(DAYS))]
    for thing in random.choice(THINGS, random.randint(2, 5), replace=False):
        agrees = random.uniform() < 0.82
        good = praise == agrees
        if random.uniform() < 0.3:
            parts.append(f"the {thing} was not {random.choice(BAD if good else GOOD)}")
        else:
            parts.append(f"the {thing} was {random.choice(GOOD if good else BAD)}")
    if random.uniform() < 0.3:
        parts.append(str(random.choice(GOOD_ENDS if praise else BAD_ENDS)))
    return " and ".join(parts), "praise" if praise else "criticism"


def make_reviews(seed: int, count: int) -> list[tuple[str, str]]:
    """Return opinions with their kinds."""
    random = np.random.RandomState(seed)
    return [make_review(random) for _ in range(count)]


if __name__ == "__main__":
    folder = Path(__file__).resolve().parents[3] / "assignments" / "reviews"
    with (folder / "reviews.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["review", "kind"])
        writer.writerows(make_reviews(5, COUNT))
