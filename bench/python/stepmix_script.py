"""What a user of StepMix has; examples/python/moved_from_stepmix.py is the same with another import and class."""

import sys

import pandas as pd
from stepmix.stepmix import StepMix  # type: ignore[import-not-found]

data = pd.read_csv(sys.argv[1]) - 1

model = StepMix(n_components=3, measurement="binary", n_init=20, random_state=42, verbose=0, progress_bar=0)
model.fit(data)

print(model.score(data) * len(data))
