// What tells two components apart.

import type { Values } from './tensor';

// Keeps the logarithm of probabilities of exactly 0 and 1 finite: beyond one in a million nothing is told apart better.
const smallest = 1e-6;
const logit = (p: number): number => {
  const inside = Math.min(Math.max(p, smallest), 1 - smallest);
  return Math.log(inside / (1 - inside));
};

/** Symmetric Kullback-Leibler divergence of two Bernoulli distributions, in nats. */
export const divergence = (p: number, q: number): number => (p - q) * (logit(p) - logit(q));

/** The features in which two components differ most, most telling first; none in which they are equal. */
export function telling(a: Values, b: Values, n: number): number[] {
  const score = Float64Array.from(a, (p, d) => divergence(p, b[d]!));
  return Array.from(score.keys())
    .filter((d) => score[d]! > 0)
    .sort((x, y) => score[y]! - score[x]! || x - y)
    .slice(0, n);
}
