import { expect, test } from 'vitest';
import { float32, toCsv } from '../src/csv';
import { count, fixed, percent, probability, pValue, seconds, significant } from '../src/format';
import { featureNames, Names, shorten } from '../src/names';

test('CSV quotes what needs it and leaves out what is no number', () => {
  expect(toCsv([['a', 'b'], ['x,y', 1.5], ['say "hi"', null], ['two\nlines', NaN]])).toBe(
    'a,b\r\n"x,y",1.5\r\n"say ""hi""",\r\n"two\nlines",\r\n',
  );
});

test('CSV keeps spreadsheets from taking a name for a formula', () => {
  expect(toCsv([['=1+1', '@x', '-y', -1]])).toBe("'=1+1,'@x,'-y,-1\r\n");
});

test('values stored in single precision are written as short as they were meant', () => {
  expect(float32(Math.fround(0.1))).toBe(0.1);
  expect(float32(NaN)).toBeNull();
});

test('probabilities that are not 0 or 1 do not look like it', () => {
  expect([probability(0), probability(1), probability(1e-9), probability(1 - 1e-9), probability(0.5)]).toEqual(['0.000', '1.000', '<0.001', '>0.999', '0.500']);
  expect(probability(0.004, 2)).toBe('<0.01');
  expect(probability(NaN)).toBe('–');
});

test('numbers are written for people', () => {
  expect([count(20000), count(1.5), count(null)]).toEqual(['20,000', '1.5', '–']);
  expect([fixed(-293.70499, 3), percent(0.4447), percent(0.0001), percent(1)]).toEqual(['−293.705', '44.5\u00a0%', '<0.1\u00a0%', '100\u00a0%']);
  expect([pValue(0.00001), pValue(0.0523)]).toEqual(['<0.001', '0.052']);
  expect([seconds(0.00511), seconds(1.22), seconds(200)]).toEqual(['5.11 ms', '1.22 s', '3.3 min']);
  expect([significant(1e-6), significant(1234.567, 6)]).toEqual(['1e−6', '1,234.57']);
});

test('names are shortened by characters, on one line', () => {
  expect(shorten('short', 10)).toBe('short');
  expect(shorten('x'.repeat(10_000), 10)).toBe(`${'x'.repeat(9)}…`);
  expect(shorten('🎉'.repeat(20), 5)).toBe(`${'🎉'.repeat(4)}…`);
  expect(shorten('two\nlines\u2028here', 30)).toBe('two lines here');
});

test('empty and equal names are told apart', () => {
  const names = new Names(['a', '', 'a', 'b', ''], (d) => `feature ${d + 1}`);
  expect([0, 1, 2, 3, 4].map((d) => names.short(d))).toEqual(['a (1)', '(no name, 2)', 'a (3)', 'b', '(no name, 5)']);
  expect(names.full(3)).toBe('b');
});

test('features without names are numbers, and pixels are places', () => {
  expect(featureNames(null, null).short(6)).toBe('7');
  expect(featureNames(null, [28, 28]).short(29)).toBe('row 2, column 2');
});

test('items whose answers differ are named with them', () => {
  const names = featureNames(['smokes every day of the week', 'q2', ''], null, ['Ja', 'strongly disagree, at all times', '1']);
  expect(names.full(0)).toBe('smokes every day of the week = Ja');
  expect(names.short(0, 20)).toBe('smokes every d… = Ja');
  expect(names.short(1, 20)).toBe('q2 = strongly disagr…');
  expect(names.full(2)).toBe('3 = 1');
});
