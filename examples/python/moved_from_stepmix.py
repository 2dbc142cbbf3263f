"""
A StepMix script, moved over
============================

Before::

    from stepmix.stepmix import StepMix

    model = StepMix(n_components=3, measurement="binary", n_init=20, random_state=42)
    model.fit(data)

After: another import, another class. ``measurement`` goes, as every feature is binary; missing cells need no
``binary_nan``.
"""

# %%
from pathlib import Path

import pandas as pd

from mixbern import BernoulliMixture
from mixbern.plots import ProfilesDisplay

DATA = Path("../../data")  # of the repository; run this where it stands


data = pd.read_csv(DATA / "carcinoma.csv") - 1

model = BernoulliMixture(n_components=3, n_init=20, random_state=42)
model.fit(data)

# %%
# The rest of the script stays as it is.
print(f"log-likelihood {model.score(data) * len(data):.4f}")
print(f"AIC {model.aic(data):.3f}, BIC {model.bic(data):.3f}")
print(pd.Series(model.predict(data)).value_counts())

# %%
# The classes as a picture, with intervals.
ProfilesDisplay.from_estimator(model, data)
