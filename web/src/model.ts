// A model of the document, decoded once, with what several sections need of it.

import type { Model, ReportData, ReportDocument, StandardErrors } from './document';
import { featureNames, Names, shorten } from './names';
import { order, type Seriation } from './seriation';
import { decode, decodeMaybe, Matrix, type Values } from './tensor';

/** Features `first` to `first + size - 1` are its answers; of an item of two answers one feature. */
export type Item = NonNullable<ReportData['items']>[number];

export interface Intervals {
  errors: Matrix;
  lower: Matrix;
  upper: Matrix;
}

function intervals(of: StandardErrors | null): Intervals | null {
  return of && { errors: Matrix.from(of.probabilities), lower: Matrix.from(of.lower), upper: Matrix.from(of.upper) };
}

function weightedMean(weights: readonly number[], theta: Matrix): Float32Array {
  const mean = new Float32Array(theta.nColumns);
  weights.forEach((weight, k) => {
    const row = theta.row(k);
    for (let d = 0; d < mean.length; d++) mean[d]! += weight * row[d]!;
  });
  return mean;
}

const entropyTerm = (p: number, mean: number): number => (p > 0 && mean > 0 ? p * Math.log(p / mean) : 0);

/** What knowing the component tells of each item, in nats: Σ π KL(θ_kd ‖ Σ π θ_d). */
function information(weights: readonly number[], theta: Matrix): Float32Array {
  const mean = weightedMean(weights, theta);
  const result = new Float32Array(theta.nColumns);
  weights.forEach((weight, k) => {
    const row = theta.row(k);
    for (let d = 0; d < result.length; d++) {
      const p = row[d]!;
      result[d]! += weight * (entropyTerm(p, mean[d]!) + entropyTerm(1 - p, 1 - mean[d]!));
    }
  });
  return result;
}

function axisEnd(values: Values): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return [0.05, 0.1, 0.2, 0.5].find((end) => most <= end) ?? 1;
}

export class ModelView {
  readonly theta: Matrix;
  readonly intervals: Intervals | null;
  /** Share of ones of each item: of the data, or without rows what the model expects. */
  readonly means: Values;
  readonly missing: Values | null;
  private seriated: Seriation | null = null;
  private highest: number | null = null;
  private informative: Float32Array | null = null;

  constructor(
    readonly model: Model,
    readonly data: ReportData,
    readonly features: Names,
    readonly labels: Names,
    /** As members of pairs. */
    readonly items: Names,
  ) {
    this.theta = Matrix.from(model.probabilities);
    this.intervals = intervals(model.standard_errors);
    this.means = data.means ? decode(data.means) : weightedMean(model.weights, this.theta);
    this.missing = decodeMaybe(data.missing);
  }

  get nComponents(): number {
    return this.model.n_components;
  }

  get nFeatures(): number {
    return this.data.n_features;
  }

  /** Items of more than two answers. */
  get manyAnswered(): Item[] {
    return (this.data.items ?? []).filter(({ size }) => size > 1);
  }

  /** Features that are items of two answers. */
  get binary(): number[] {
    const { items } = this.data;
    return items ? items.filter(({ size }) => size === 1).map(({ first }) => first) : Array.from({ length: this.nFeatures }, (_, d) => d);
  }

  /** What is probable, as the title of an axis: "probability of Disagree". */
  get axis(): string {
    const { answer } = this.data;
    return answer === null ? 'probability' : `probability of ${shorten(answer, 28)}`;
  }

  /** The same as a sentence; empty where a 1 is a 1. */
  get meaning(): string {
    const { answer, answers } = this.data;
    if (answers !== null) return 'Probabilities are of the answer that stands beside each item.';
    return answer === null ? '' : `Probabilities are of “${shorten(answer, 60)}”.`;
  }

  /** What CSV says of an item's 1. */
  answer(d: number): string {
    return this.data.answers?.[d] ?? this.data.answer ?? '1';
  }

  /** Components and items so that similar ones are neighbours. */
  get seriation(): Seriation {
    return (this.seriated ??= order(this.theta));
  }

  /** The end of axes of probabilities: 1, or less where all are small, as in sparse data. */
  get top(): number {
    return (this.highest ??= axisEnd(this.theta.values));
  }

  get information(): Float32Array {
    return (this.informative ??= information(this.model.weights, this.theta));
  }

  /** The `n` items of two answers that differ most between components, in the order of the data. */
  mostInformative(n: number): number[] {
    const all = this.binary;
    if (n >= all.length) return all;
    const score = this.information;
    return all.sort((a, b) => score[b]! - score[a]! || a - b).slice(0, n).sort((a, b) => a - b);
  }
}

/** The document with its models, each decoded when it is first looked at. */
export class Report {
  readonly features: Names;
  readonly labels: Names;
  readonly items: Names;
  private readonly views: (ModelView | undefined)[] = [];

  constructor(readonly document: ReportDocument) {
    const { feature_names: names, shape, labels, answers, items } = document.data;
    this.features = featureNames(names, shape, answers);
    this.items = items ? new Names(items.map(({ name }) => name), (item) => String(item + 1)) : this.features;
    this.labels = new Names(labels, (label) => String(label + 1));
  }

  model(index: number): ModelView {
    const { models, data } = this.document;
    return (this.views[index] ??= new ModelView(models[index]!, data, this.features, this.labels, this.items));
  }

  /** Position of the model with that many components, as text; else of the best one. */
  position(k: string): number {
    const found = this.document.models.findIndex((model) => String(model.n_components) === k);
    return found >= 0 ? found : this.document.best;
  }
}
