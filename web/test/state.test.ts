import { expect, test, vi } from 'vitest';
import { telling } from '../src/divergence';
import { formatHash, parseHash, View } from '../src/state';
import { sortRows } from '../src/table';

test('an address keeps what was chosen, and only that', () => {
  const choices = { ...parseHash(''), component: '3', search: 'a&b=c #1' };
  expect(formatHash(parseHash(''))).toBe('');
  expect(parseHash(`#${formatHash(choices)}`)).toEqual(choices);
});

test('positions that make no sense are kept within what there is', () => {
  const at = (component: string): number => new View({ hash: `#component=${component}` }).position('component', 5);
  expect([at('2'), at('99'), at('-4'), at('x'), at('')]).toEqual([1, 4, 0, 0, 0]);
});

test('listeners hear of the choices that they watch, when these change', () => {
  const location = { hash: '' };
  const view = new View(location);
  const heard = vi.fn();
  view.on(['k', 'order'], heard);
  location.hash = '#component=2';
  view.reread();
  expect(heard).not.toHaveBeenCalled();
  location.hash = '#component=2&k=4';
  view.reread();
  expect(heard).toHaveBeenCalledTimes(1);
  view.forget(0);
  location.hash = '';
  view.reread();
  expect(heard).toHaveBeenCalledTimes(1);
});

test('tables sort numbers and texts, what is missing last, equal ones as they were', () => {
  const values = [3, NaN, 1, 3];
  const names = ['item 10', 'item 9', 'b', 'a'];
  const columns = [
    { key: 'n', title: 'n', numeric: true, value: (i: number) => values[i]!, cell: String },
    { key: 'name', title: 'name', value: (i: number) => names[i]!, cell: String },
  ];
  expect(sortRows([0, 1, 2, 3], columns, 'n')).toEqual([2, 0, 3, 1]);
  expect(sortRows([0, 1, 2, 3], columns, '-n')).toEqual([0, 3, 2, 1]);
  expect(sortRows([0, 1, 2, 3], columns, 'name')).toEqual([3, 2, 1, 0]);
  expect(sortRows([0, 1, 2, 3], columns, 'no such column')).toEqual([0, 1, 2, 3]);
});

test('what tells two components apart comes by divergence, not by difference', () => {
  const a = Float32Array.from([0.5, 0.001, 0.3]);
  const b = Float32Array.from([0.6, 0.06, 0.3]);
  expect(telling(a, b, 5)).toEqual([1, 0]);
});
