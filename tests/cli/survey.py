"""A survey as people have them: ids, weights, groups, codes for no answer, items of several codings."""

import csv
import random

ITEMS = [f"q{number}" for number in range(1, 7)] + ["smokes", "drinks"]
"""The columns that are items."""

CLASSES = ((0.7, 0.15), (0.3, 0.85))
"""Weight of each class, and the probability of its second answer in all items."""

CODES = ("8", "9", "NA", "")


def write(path, n_rows=400, seed=1):
    """Writes the table and returns the class of each row, by id."""
    draw = random.Random(seed)
    classes = {}
    with open(path, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["pid", "wt", "sex", "arm", *ITEMS[:3], "age", *ITEMS[3:], "mood"])
        for row in range(n_rows):
            of = 0 if draw.random() < CLASSES[0][0] else 1
            pid = f"P{1000 + 7 * row}"
            classes[pid] = of
            ones = [draw.random() < CLASSES[of][1] for _ in ITEMS]
            table.writerow([pid, round(draw.uniform(0.3, 3), 2), draw.choice("fm"), draw.choice(("a", "b")),
                            *answers(ones[:3], draw), draw.randint(18, 90), *answers(ones[3:6], draw),
                            *(("Yes" if one else "No") if draw.random() > 0.05 else "Refused" for one in ones[6:]),
                            draw.choice(("low", "middle", "high"))])
    return classes


def answers(ones, draw):
    """1 and 2, and now and then what stands for no answer."""
    return [("2" if one else "1") if draw.random() > 0.06 else draw.choice(CODES) for one in ones]
