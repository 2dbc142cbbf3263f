"""
Fingerprints, packed
====================

Chemists keep molecules as fingerprints of 2,048 bits, of which few are 1. Packed by ``numpy.packbits`` with
``bitorder="little"`` they are read where they are, without a copy.
"""

# %%
# Fingerprints of five made-up families: each family has bits that most of its members share.
import numpy as np

import mixbern
from mixbern.plots import CertaintyDisplay

rng = np.random.default_rng(0)
n_bits, n_families, n_molecules = 2048, 5, 4000
shared = rng.random((n_families, n_bits)) < 0.02
family = rng.integers(n_families, size=n_molecules)
chance = np.where(shared[family], 0.7, 0.01)
bits = rng.random((n_molecules, n_bits)) < chance
packed = np.packbits(bits, axis=1, bitorder="little")
print(f"{packed.nbytes / 1e6:.1f} MB packed, {bits.nbytes / 1e6:.1f} MB as bytes")

# %%
fingerprints = mixbern.from_packed(packed, bitorder="little")
model = mixbern.BernoulliMixture(n_families, init="kmeans++", random_state=0)
model = model.fit(fingerprints)

# %%
# Each component is one of the families.
table = np.zeros((n_families, n_families), dtype=int)
np.add.at(table, (family, model.labels_), 1)
print("families in rows, components in columns")
print(table)

# %%
# New molecules: which family, and how likely are they at all? A molecule of none of the families stands out.
stranger = np.full(n_bits, 0.02)
new = rng.random((3, n_bits)) < np.vstack([np.where(shared[:2], 0.7, 0.01), stranger])
for row, score in zip(model.predict_proba(new), model.score_samples(new)):
    print(np.round(row, 3), f"log-likelihood {score:.0f}")

# %%
CertaintyDisplay.from_estimator(model, fingerprints)
