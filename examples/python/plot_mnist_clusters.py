"""
Clusters of handwritten digits
==============================

20,000 binarised MNIST images ship with the project, packed. Ten components find most of the ten digits without
having seen a label.
"""

# %%
# The file is read into packed rows, 2 MB instead of the 16 MB that bytes would take. An array, a frame or a sparse
# matrix would do as well.
from pathlib import Path

import numpy as np

import mixbern
from mixbern.plots import CertaintyDisplay, ComponentsDisplay, OptimaDisplay

DATA = Path("../../data")  # of the repository; run this where it stands


images = mixbern.read(DATA / "mnist-20000.safetensors.gz")
images

# %%
# Many starts are tried: each is run for a while, the best ones to the end.
model = mixbern.BernoulliMixture(n_components=10, random_state=0).fit(images)
print(f"log-likelihood {model.log_likelihood_:.1f}, {model.lower_bound_:.3f} a row")
print(f"converged: {model.converged_}, after {model.n_iter_} iterations")

# %%
# The components are images themselves: the probability of each pixel.
ComponentsDisplay.from_estimator(model, image_shape=(28, 28), columns=5)

# %%
# Which log-likelihoods did the starts end at? Those that were dropped early stand where they were dropped.
OptimaDisplay.from_estimator(model)

# %%
# With 784 pixels nearly every image is assigned with certainty.
CertaintyDisplay.from_estimator(model, images)

# %%
# Half of an image is enough to fill in the other half.
some = images.toarray()[[0, 3, 5, 8]].astype(float)
upper = some.copy()
upper[:, 14 * 28 :] = np.nan
filled = model.impute(upper)
right = np.mean(filled[:, 14 * 28 :] == some[:, 14 * 28 :])
print(f"{right:.0%} of the hidden pixels are right")
