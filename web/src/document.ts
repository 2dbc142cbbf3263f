// The report document, as docs/report.md describes it.

export interface Tensor {
  dtype: 'float32' | 'uint8' | 'uint16' | 'uint32';
  shape: number[];
  base64: string;
}

export type Level = 'good' | 'note' | 'warning';

export interface ReportData {
  name: string;
  n_rows: number | null;
  n_distinct_rows: number | null;
  n_features: number;
  total_weight: number | null;
  missing_share: number | null;
  has_rows: boolean;
  feature_names: string[] | null;
  /** Null where all items have two answers; those that have more are a feature an answer. */
  items: { name: string; first: number; size: number }[] | null;
  codings: [string, string][] | null;
  /** What the 1 of all items is called; null where they differ, and where it is a plain 1. */
  answer: string | null;
  /** What it is called by item, where they differ. */
  answers: string[] | null;
  threshold: number | null;
  shape: [number, number] | null;
  means: Tensor | null;
  missing: Tensor | null;
  constant_features: number[];
  labels: string[] | null;
}

export interface Criteria {
  aic: number | null;
  aic3: number | null;
  bic: number | null;
  sabic: number | null;
  caic: number | null;
  icl_bic: number | null;
  awe: number | null;
  classification_log_likelihood: number | null;
}

export interface StandardErrors {
  method: string;
  weights: (number | null)[];
  probabilities: Tensor;
  lower: Tensor;
  upper: Tensor;
  identified: boolean | null;
}

export interface Classification {
  entropy: number | null;
  entropy_r2: number | null;
  error: number | null;
  /** Shares of the rows. */
  sizes_by_posterior: number[];
  sizes_by_mode: number[];
  average_posteriors: Tensor;
}

export interface FitFacts {
  converged: boolean | null;
  stop_reason: string | null;
  n_iter: number | null;
  init: string | null;
  n_init: number | null;
  n_init_at_best: number | null;
  seed: number | null;
  tol: number | null;
  max_iter: number | null;
  smoothing: number | null;
  smoothing_target: string | null;
  accelerate: string | null;
  precision: string | null;
  semi_supervised: boolean | null;
  threads: number | null;
  kernel: string | null;
  total_iterations: number | null;
  seconds: { read: number | null; init: number | null; em: number | null; total: number | null } | null;
  warnings: string[] | null;
}

export interface Start {
  log_likelihood: number | null;
  trace: { iteration: number[]; mean_log_likelihood: (number | null)[] } | null;
}

export interface Optimum {
  log_likelihood: number;
  n_init: number;
}

export interface ComponentFacts {
  name: string;
  weight: number;
  size: number | null;
  distinctive: number[];
  problems: string[];
}

export interface RowsDocument {
  certainty: { edges: number[]; counts: number[] };
  table: {
    total: number;
    row: Tensor;
    ids: string[] | null;
    component: Tensor;
    certainty: Tensor;
    second: Tensor;
    log_likelihood: Tensor;
    weight: Tensor | null;
    label: Tensor | null;
  };
  examples: number[][];
  least_certain: number[];
  cells: { row: Tensor; ids: string[] | null; component: Tensor; certainty: Tensor; bits: Tensor; missing: Tensor | null };
}

export interface LabelAgreement {
  table: Tensor;
  purity: number | null;
  adjusted_rand: number | null;
  normalised_mutual_information: number | null;
  n: number | null;
}

export interface BivariateResidual {
  first: number;
  second: number;
  residual: number | null;
  p_value: number | null;
}

export interface PatternResidual {
  row: number;
  observed: number | null;
  expected: number | null;
  residual: number | null;
  cells: string;
}

export interface Model {
  n_components: number;
  n_parameters: number | null;
  log_likelihood: number | null;
  mean_log_likelihood: number | null;
  weights: number[];
  probabilities: Tensor;
  standard_errors: StandardErrors | null;
  criteria: Criteria;
  classification: Classification | null;
  verdict: { level: Level; text: string }[];
  fit: FitFacts;
  starts: Start[] | null;
  optima: Optimum[] | null;
  components: ComponentFacts[];
  rows: RowsDocument | null;
  labels: LabelAgreement | null;
  goodness_of_fit: Record<string, unknown> | null;
  bivariate_residuals: BivariateResidual[] | null;
  pattern_residuals: PatternResidual[] | null;
}

interface TestResult {
  statistic: number | null;
  p_value: number | null;
}

interface BootstrapTest extends TestResult {
  n_samples: number | null;
  n_samples_asked: number | null;
  n_exceeding: number | null;
  ended: string;
}

interface VuongTest extends TestResult {
  adjusted_statistic: number | null;
  adjusted_p_value: number | null;
  note: string;
}

export interface SelectionRow extends Criteria {
  n_components: number;
  entropy: number | null;
  n_parameters: number | null;
  log_likelihood: number | null;
  n_init: number | null;
  n_init_at_best: number | null;
  smallest_component: number | null;
  cv_log_likelihood: number | null;
  blrt: BootstrapTest | null;
  vlmr: VuongTest | null;
  warnings: string[] | null;
}

interface RelationBase {
  method: string;
  method_chosen_by: 'entropy' | 'caller';
  assignment: string;
  one_step_errors: 'observed' | 'opg' | 'sandwich' | null;
  n_rows: number;
  n_left_out: number;
  log_likelihood: number | null;
  entropy: number | null;
  converged: boolean;
  warnings: string[];
  tests: RelationTest[];
}

export interface RelationTest {
  name: string;
  statistic: number | null;
  degrees_of_freedom: number;
  p_value: number | null;
  adjusted_p_value: number | null;
}

export interface Coefficient {
  component: number;
  name: string;
  estimate: number;
  standard_error: number | null;
  odds_ratio: number | null;
  interval: [number | null, number | null];
  p_value: number | null;
}

export interface MembershipCurve {
  name: string;
  values: number[];
  /** What the values are called, where they are categories. */
  categories: string[];
  /** Of each value, of each component. */
  shares: number[];
}

export interface CovariateRelation extends RelationBase {
  reference: number;
  coefficients: Coefficient[];
  curves: MembershipCurve[];
}

export interface OutcomeRelation extends RelationBase {
  name: string;
  kind: 'continuous' | 'nominal' | 'count';
  classes: { component: number; category: string; mean: number; standard_error: number | null; variance: number | null; interval: [number | null, number | null] }[];
}

/** By group and component; standard errors and intervals are null where none were computed. */
export interface GroupEstimates {
  estimates: number[][];
  standard_errors: (number | null)[][] | null;
  intervals: [number | null, number | null][][] | null;
}

export interface Groups {
  column: string;
  names: string[];
  sizes: number[];
  /** Items whose probabilities differ between groups. */
  free: string[];
  all_free: boolean;
  weights: GroupEstimates;
  features: (GroupEstimates & { name: string })[];
  residuals: { item: string; residual: number | null }[] | null;
}

export interface ReportDocument {
  format: 'mixbern-report';
  format_version: 1;
  version: string;
  kernel: string | null;
  created: string;
  title: string;
  data: ReportData;
  models: Model[];
  best: number;
  selection: { criterion: string; table: SelectionRow[] } | null;
  /** What predicts the components, and what they predict. */
  relations: { covariates: CovariateRelation | null; outcomes: OutcomeRelation[] } | null;
  groups: Groups | null;
}

/** The document that stands in the page, or the reason why it cannot be shown. */
export function readDocument(text: string): ReportDocument | string {
  const parsed: unknown = JSON.parse(text);
  if (parsed === null) return 'This is the empty template: it holds no report.';
  const { format, format_version: version } = parsed as { format?: unknown; format_version?: unknown };
  if (format !== 'mixbern-report') return 'The document in this file is no mixbern report.';
  if (version !== 1) return `This page can draw version 1 of the report document, not ${String(version)}.`;
  return parsed as ReportDocument;
}
