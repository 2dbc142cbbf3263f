"""
Topics of short texts, sparse
=============================

Documents by words are mostly zeros. A sparse matrix goes in as it is; nothing is ever made dense.
"""

# %%
# scikit-learn's vectoriser makes a matrix of 0 and 1: which document has which word.
import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import make_pipeline

from mixbern import BernoulliMixture
from mixbern.plots import CertaintyDisplay

topics = {
    "weather": "rain snow wind storm cloud sun cold warm forecast sky mist".split(),
    "kitchen": "bread soup salt oven butter onion pepper pan boil slice dough".split(),
    "music": "song piano drum chord melody rhythm choir violin concert tune".split(),
}
common = "the a and of we was it with some more very today".split()

rng = np.random.default_rng(3)
names = list(topics)
texts = []
for topic in rng.choice(names, size=600):
    own, others = rng.choice(topics[topic], 4, replace=False), rng.choice(common, 5, replace=False)
    texts.append(" ".join([*own, *others]))
texts[0]

# %%
model = make_pipeline(CountVectorizer(binary=True), BernoulliMixture(3, random_state=0))
model = model.fit(texts)
words = model[0].get_feature_names_out()
mixture = model[-1]

# %%
# The words that tell a component from the others.
mean = mixture.weights_ @ mixture.probabilities_
for k in range(3):
    telling = np.argsort(mixture.probabilities_[k] - mean)[::-1][:6]
    print(f"component {k} ({mixture.weights_[k]:.0%}):", ", ".join(words[telling]))

# %%
# New texts.
new = ["the storm and the rain", "salt and pepper with butter", "a song with some violin"]
print(model.predict(new))

# %%
# How surely is each text assigned to its topic?
CertaintyDisplay.from_estimator(mixture, model[0].transform(texts))
