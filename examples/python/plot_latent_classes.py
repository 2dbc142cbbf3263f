"""
A latent class study, from the CSV file to the table in the paper
=================================================================

Seven pathologists judged 118 slides: 2 says that a slide shows carcinoma of the uterine cervix, 1 that it does not
(Agresti, Categorical Data Analysis (2002), section 13.1). How many kinds of slides are there, and what does each
pathologist say of them?
"""

# %%
# Columns of a frame may hold any two values; they become 0 and 1 in their natural order.
import warnings
from pathlib import Path

import pandas as pd

import mixbern
from mixbern.plots import ProfilesDisplay, SelectionDisplay

DATA = Path("../../data")  # of the repository; run this where it stands


slides = pd.read_csv(DATA / "carcinoma.csv")
slides.head()

# %%
# One to five classes, each from enough starts to meet the best optimum again, with the bootstrap likelihood ratio test
# of each number against the one before it. More than three are too many for 118 slides: a warning says which probabilities
# the data does not tell.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    selection = mixbern.select(slides, range(1, 6), blrt=100, random_state=0)
selection.table[["log_likelihood", "n_parameters", "aic", "bic", "blrt_p_value"]].round(3)

# %%
SelectionDisplay.from_selection(selection)

# %%
# Three classes: slides that all call carcinoma, slides that none does, and slides on which they disagree.
model = selection.best
ProfilesDisplay.from_estimator(model, slides)

# %%
# Standard errors, from the observed information. Probabilities at a bound have none.
errors = model.standard_errors(slides)
table = pd.concat(
    {
        "probability": pd.DataFrame(model.probabilities_.T, index=slides.columns),
        "s.e.": pd.DataFrame(errors.probabilities.T, index=slides.columns),
    },
    axis=1,
).round(3)
table

# %%
# How well does it fit, and how sharply does it tell slides apart?
fit = model.goodness_of_fit(slides)
sharpness = model.classification(slides)
print(f"G2 = {fit.g2.statistic:.2f}, {fit.degrees_of_freedom:.0f} degrees of freedom")
print(f"entropy {sharpness.entropy:.3f}")
print(f"expected share of slides in a wrong class: {sharpness.error:.3f}")

# %%
# The table for the paper, and the model for the command line.
print(table.to_string(na_rep="bound"))
