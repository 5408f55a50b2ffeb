"""Makes churn.csv: customers of a telephone company, and whether each left within a year. Nobody in it exists."""

import csv
from pathlib import Path

import numpy as np

COUNT = 1_200
CONTRACTS, PAYMENTS = ["monthly", "one year", "two years"], ["card", "invoice"]


def make_rows(seed: int = 11, count: int = COUNT) -> list[list[object]]:
    """Return one row for each customer; the chance to leave follows from all columns."""
    random = np.random.RandomState(seed)
    months = random.randint(1, 73, count)
    price = random.uniform(9, 70, count).round(2)
    minutes = random.gamma(3.0, 90.0, count).round(1)
    complaints = random.poisson(1.1, count)
    contract = random.choice(3, count, p=[0.5, 0.3, 0.2])
    payment = random.choice(2, count, p=[0.6, 0.4])
    wish = -0.4 - 0.05 * (months - 30) + 0.05 * (price - 35) + 0.9 * (complaints - 1) - 0.003 * (minutes - 270)
    wish += np.array([0.9, -0.7, -1.8])[contract] + np.array([-0.3, 0.5])[payment]
    leaves = random.uniform(0, 1, count) < 1 / (1 + np.exp(-1.3 * wish))
    return [[months[row], price[row], minutes[row], complaints[row], CONTRACTS[contract[row]], PAYMENTS[payment[row]],
             "yes" if leaves[row] else "no"] for row in range(count)]


if __name__ == "__main__":
    with (Path(__file__).parent / "churn.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["months", "price", "minutes", "complaints", "contract", "payment", "churned"])
        writer.writerows(make_rows())
