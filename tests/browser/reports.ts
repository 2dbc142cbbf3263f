// Reports to look at, made by the program from real data and from data made here.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function environment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests through ./dev test or ctest`);
  return value;
}

const source = environment('MIXBERN_SOURCE_DIR');
const folder = join(environment('MIXBERN_BINARY_DIR'), 'tests', 'browser');

function mixbern(...words: string[]): void {
  execFileSync(environment('MIXBERN_PROGRAM'), [...words, '--quiet'], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The same numbers 0 … 1 on every run (a linear congruential generator; Numerical Recipes, 1992). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function csv(name: string, head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const quoted = (text: string | number): string => `"${String(text).replaceAll('"', '""')}"`;
  const path = join(folder, name);
  writeFileSync(path, [head, ...rows].map((row) => row.map(quoted).join(',')).join('\n') + '\n');
  return path;
}

/** 600 rows of 5,000 columns, about 25 ones in each, of five kinds. */
function sparse(): string {
  const next = random(7);
  const lines = Array.from({ length: 600 }, (_, row) => {
    const columns = new Set<number>();
    while (columns.size < 25) {
      const own = next() < 0.7;
      columns.add(own ? (row % 5) * 1000 + Math.floor(next() ** 3 * 1000) : Math.floor(next() * 5000));
    }
    columns.add(4999 - (row % 5));
    return [row % 5, ...[...columns].sort((a, b) => a - b).map((column) => `${column + 1}:1`)].join(' ');
  });
  const path = join(folder, 'sparse.libsvm');
  writeFileSync(path, lines.join('\n') + '\n');
  return path;
}

function twoColumns(): string {
  const counts: [number, number, number][] = [[0, 0, 40], [0, 1, 10], [1, 0, 15], [1, 1, 35]];
  return csv('two.csv', ['first', 'second'], counts.flatMap(([a, b, n]) => Array.from({ length: n }, () => [a, b])));
}

export const hostileNames = [
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(2)</script>',
  `"quotes" and 'quotes' & &lt;`,
  'emoji 👩‍👩‍👧‍👦 🎉',
  'x'.repeat(10_000),
  '',
  'javascript:alert(3)',
];

/** Real answers under names that try to do harm. */
function hostile(): string {
  const next = random(3);
  const rows = Array.from({ length: 200 }, (_, row) => hostileNames.map(() => (next() < (row % 2 === 0 ? 0.85 : 0.2) ? '<b>yes</b>' : '<b>no</b>')));
  const labels = ['<script>alert(4)</script>', '=1+1', 'y'.repeat(500)];
  return csv('hostile <b>&amp;.csv', [...hostileNames, 'group'], rows.map((row, i) => [...row, labels[i % 3]!]));
}

const mnist = join(source, 'data', 'mnist-20000.safetensors.gz');

const recipes = {
  'mnist-10': (out: string) => mixbern('fit', mnist, '-k', '10', '--n-init', '4', '--shape', '28x28', '--report', out),
  'mnist-100': (out: string) => mixbern('fit', mnist, '-k', '100', '--n-init', '1', '--max-iter', '60', '--shape', '28x28', '--report', out),
  carcinoma: (out: string) => mixbern('fit', join(source, 'data', 'carcinoma.csv'), '-k', '3', '--standard-errors', 'observed', '--report', out),
  select: (out: string) => mixbern('select', join(source, 'data', 'carcinoma.csv'), '-k', '1:5', '--blrt', '20', '--vlmr', '--report', out),
  abortion: (out: string) => mixbern('fit', join(source, 'data', 'gss08_abortion.csv'), '-k', '3', '--report', out),
  categorical: (out: string) => mixbern('fit', join(source, 'data', 'gss82.csv'), '-k', '3', '--categorical', 'all', '--report', out),
  sparse: (out: string) => mixbern('fit', sparse(), '-k', '60', '--n-init', '1', '--init', 'rows', '--report', out),
  two: (out: string) => mixbern('fit', twoColumns(), '-k', '2', '--report', out),
  hostile: (out: string) => {
    const [data, model] = [hostile(), join(folder, 'hostile.model.safetensors')];
    mixbern('fit', data, '-k', '2', '--exclude', 'group', '--model', model);
    mixbern('report', model, data, '--labels', 'group', '-o', out);
  },
  relations: (out: string) => {
    const [data, model] = [join(source, 'data', 'cheating.csv'), join(folder, 'cheating.model.safetensors')];
    mixbern('fit', data, '-k', '2', '--exclude', 'GPA', '--model', model);
    mixbern('relate', model, data, '--covariates', 'GPA=nominal', '--outcomes', 'GPA', '--report', out);
  },
  groups: (out: string) => mixbern('fit', join(source, 'data', 'gss82.csv'), '-k', '2', '--categorical', 'all', '--groups', 'UNDERSTA', '--free', 'COOPERAT', '--report', out),
  model: (out: string) => {
    const model = join(folder, 'carcinoma.model.safetensors');
    mixbern('fit', join(source, 'data', 'carcinoma.csv'), '-k', '2', '--model', model);
    mixbern('report', model, '-o', out);
  },
} as const;

export type ReportName = keyof typeof recipes;

export const reportNames = Object.keys(recipes) as ReportName[];

const path = (name: ReportName): string => join(folder, `${name}.html`);

/** Makes a report anew; reports.test.ts does that before the tests that look at them. */
export function make(name: ReportName): string {
  mkdirSync(folder, { recursive: true });
  rmSync(path(name), { force: true });
  recipes[name](path(name));
  return path(name);
}

export function report(name: ReportName): string {
  if (!existsSync(path(name))) throw new Error(`${path(name)} is not there: run reports.test.ts first, as ctest does`);
  return path(name);
}
