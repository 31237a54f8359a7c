import assert from 'node:assert/strict';
import test, { mock } from 'node:test';
import { type Draw, task } from './progress';

/** A bar that remembers what it drew. */
function recorder() {
  const lines: { text: string; done: number; total: number; isLast: boolean }[] = [];
  const draw: Draw = (text, done, total, isLast) => lines.push({ text, done, total, isLast });
  return { lines, draw };
}

/** Lets `milliseconds` pass on the clock that the bar reads. */
function withClock(work: (pass: (milliseconds: number) => void) => void): void {
  let now = 0;
  const clock = mock.method(performance, 'now', () => now);
  try {
    work((milliseconds) => {
      now += milliseconds;
    });
  } finally {
    clock.mock.restore();
  }
}

test('a bar says what is being done and for how long, and leaves a line without times', () => {
  withClock((pass) => {
    const { lines, draw } = recorder();
    const { onProgress } = task('Tuning', 'fits', draw);
    onProgress({ done: 0, total: 135 });
    pass(2000);
    onProgress({ done: 45, total: 135, label: 'maxDepth 10' });
    pass(4000);
    onProgress({ done: 135, total: 135 });
    onProgress({ done: 135, total: 135 });
    assert.deepEqual(lines, [
      { text: 'Tuning: 0 of 135 fits', done: 0, total: 135, isLast: false },
      { text: 'Tuning: 45 of 135 fits (maxDepth 10), about 4 s left', done: 45, total: 135, isLast: false },
      { text: 'Tuning: 135 fits', done: 135, total: 135, isLast: true },
    ]);
  });
});

test('a bar is drawn at most ten times a second, and the end always', () => {
  withClock((pass) => {
    const { lines, draw } = recorder();
    const { onProgress } = task('Fitting', 'trees', draw);
    for (let done = 1; done <= 1000; done++) {
      pass(1);
      onProgress({ done, total: 1000 });
    }
    assert.equal(lines.length, 11);
    assert.equal(lines.at(-1)!.text, 'Fitting: 1000 trees');
  });
});

test('a long estimate is in minutes', () => {
  withClock((pass) => {
    const { lines, draw } = recorder();
    const { onProgress } = task('Slow', 'steps', draw);
    pass(60_000);
    onProgress({ done: 1, total: 4 });
    assert.equal(lines.at(-1)!.text, 'Slow: 1 of 4 steps, about 3 min left');
    onProgress({ done: 4, total: 4 });
  });
});

test('an interrupt aborts the signals of all that runs, says so, and leaves no listener', () => {
  const before = process.listenerCount('SIGINT');
  const [one, other, finished] = [recorder(), recorder(), recorder()];
  const tuning = task('Tuning', 'fits', one.draw);
  const fitting = task('Fitting', 'trees', other.draw);
  const over = task('Over', 'steps', finished.draw);
  over.onProgress({ done: 1, total: 1 });
  assert.equal(process.listenerCount('SIGINT'), before + 1);
  tuning.onProgress({ done: 40, total: 135 });
  process.emit('SIGINT');
  assert.equal(process.listenerCount('SIGINT'), before);
  assert.equal(tuning.signal.aborted && fitting.signal.aborted, true);
  assert.match(String(tuning.signal.reason), /^Error: Tuning was interrupted$/);
  assert.equal(one.lines.at(-1)!.text, 'Tuning: interrupted after 40 of 135 fits');
  assert.equal(over.signal.aborted, false);
  tuning.onProgress({ done: 135, total: 135 });
  assert.equal(one.lines.length, 2);
});

test('a finished task takes its listener away', () => {
  const before = process.listenerCount('SIGINT');
  const { onProgress } = task('Short', 'steps', recorder().draw);
  assert.equal(process.listenerCount('SIGINT'), before + 1);
  onProgress({ done: 3, total: 3 });
  assert.equal(process.listenerCount('SIGINT'), before);
});
