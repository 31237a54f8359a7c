import assert from 'node:assert/strict';
import test from 'node:test';
import { readDates } from './dates';

const read = (...dates: string[]) => {
  const { converted, unreadable } = readDates(dates);
  return dates.map((date) => (unreadable.has(date) ? null : (converted.get(date) ?? date)));
};

test('dates with a year of four digits stay as they are', () => {
  const dates = ['2024-05-04', '1999', '04.05.1987', '2013.0', '5/4/2024 0:00'];
  assert.deepEqual(read(...dates), dates);
});

test('the column decides which part of a short date is the month', () => {
  assert.deepEqual(read('5/16/11', '8/5/96'), ['2011-05-16', '1996-08-05']);
  assert.deepEqual(read('16/5/11', '8/5/96'), ['2011-05-16', '1996-05-08']);
  assert.deepEqual(read('99-5-16', '96-5-8'), ['1999-05-16', '1996-05-08']);
  assert.deepEqual(read('4/5/11', '8/5/96'), ['2011', '1996']);
  assert.deepEqual(read('16/5/11', '5/16/11'), [null, null]);
  assert.equal(readDates(['5/16/11']).unit, 'm/d/yy');
});

test('months by name, day numbers, digits, and seconds since 1970', () => {
  assert.deepEqual(read('16-May-98', '1 jan 29', '2-Dec-30'), ['1998-05-16', '2029-01-01', '1930-12-02']);
  assert.deepEqual(
    read('45416', '45416.0', '20240504', '1714780800', '1714780800000'),
    new Array(5).fill('2024-05-04'),
  );
});

test('what is no date', () => {
  assert.deepEqual(read('spring', '9999-12-31', '123', '99999', '20241304', '5/16', '45/45/45'), [
    ...[null, null, null, null, null, null, null],
  ]);
});
