"""
Latent transitions
==================

The same people answer the same five questions twice. Which classes are there, and who moves from one to another between
the waves? A latent transition model of K classes is a mixture of K² components, one for each pair (class at the first
wave, class at the second), in which the questions have the same probabilities wherever the class is the same.
"""

# %%
# 3,000 people in three classes, of whom most stay where they are.
import numpy as np

from mixbern import BernoulliMixture

rng = np.random.default_rng(1)
n_people, n_questions, n_classes = 3000, 5, 3
first = np.array([0.5, 0.3, 0.2])
transitions = np.array([[0.8, 0.15, 0.05], [0.1, 0.7, 0.2], [0.05, 0.25, 0.7]])
answers = np.array([[0.9, 0.9, 0.8, 0.85, 0.9], [0.1, 0.2, 0.85, 0.9, 0.8], [0.1, 0.15, 0.1, 0.2, 0.1]])

then = rng.choice(n_classes, n_people, p=first)
now = (rng.random((n_people, 1)) > transitions[then].cumsum(axis=1)).sum(axis=1)
waves = [rng.random((n_people, n_questions)) < answers[classes] for classes in (then, now)]
rows = np.hstack(waves).astype(int)

# %%
# Component ``n_classes * a + b`` answers the first wave as class a and the second as class b. So question q of the
# first wave has one parameter in all components of the same a, and the second wave the same one in those of the same b.
constraints = {}
for a in range(n_classes):
    for b in range(n_classes):
        for q in range(n_questions):
            constraints[n_classes * a + b, q] = f"class {a} question {q}"
            constraints[n_classes * a + b, n_questions + q] = f"class {b} question {q}"

model = BernoulliMixture(n_components=n_classes**2, constraints=constraints, n_init=40, random_state=0).fit(rows)
print(f"{model.n_parameters_} parameters: {n_classes**2 - 1} pairs and {n_classes * n_questions} probabilities")

# %%
# Weights are those of pairs: their sums by row are the classes at the first wave, their shares of these the transitions.
# Which class comes first is a matter of luck, so they are put in the order of their first question.
probabilities = model.probabilities_[:: n_classes, :n_questions]
order = np.argsort(-probabilities.sum(axis=1))
pairs = model.weights_.reshape(n_classes, n_classes)[np.ix_(order, order)]
found = pairs / pairs.sum(axis=1, keepdims=True)

np.set_printoptions(precision=3, suppress=True)
print("classes at the first wave", pairs.sum(axis=1))
print("from class (row) to class (column)", found, sep="\n")
print("probabilities of the questions", probabilities[order], sep="\n")

# %%
# That is what the data was made with, as far as 3,000 people can tell.
largest = np.abs(found - transitions).max()
print(f"largest error of a transition: {largest:.3f}")
assert largest < 0.1 and np.abs(probabilities[order] - answers).max() < 0.05
