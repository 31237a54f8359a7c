import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { PYTHON, without } from '../../testing/peers';
import { naturalLog } from './naturalLog';

test("values of glibc's logarithm, some of them other than most JavaScript engines'", () => {
  // python3 -c "import math; print(*map(math.log, (1, 2, 0.5, 1e300, 5e-324, 0.95, 1.05, 1/3, 10/11)))"
  const known: [number, number][] = [
    [1, 0],
    [2, Math.LN2],
    [0.5, -Math.LN2],
    [1e300, 690.7755278982137],
    [5e-324, -744.4400719213812],
    [0.95, -0.05129329438755058],
    [1.05, 0.04879016416943205],
    [1 / 3, -1.0986122886681098],
    [10 / 11, -0.0953101798043249],
  ];
  for (const [x, log] of known) assert.equal(naturalLog(x), log, `log(${x})`);
});

test('100,000 values of all sizes are those of the C library', { skip: without('sklearn') }, () => {
  const program = `
import json, math, random
random.seed(5)
near = [1 + random.uniform(-0.07, 0.07) for _ in range(30000)]
shares = [random.randint(1, n) / n for n in (random.randint(1, 5000) for _ in range(30000))]
all_sizes = [math.ldexp(random.uniform(0.5, 1), random.randint(-1073, 1023)) for _ in range(40000)]
values = near + shares + all_sizes
print(json.dumps([values, [math.log(x) for x in values]]))`;
  const { stdout } = spawnSync(PYTHON, ['-c', program], { encoding: 'utf8', maxBuffer: 1e8 });
  const [values, logs] = JSON.parse(stdout) as [number[], number[]];
  assert.equal(values.length, 100_000);
  values.forEach((x, i) => {
    if (naturalLog(x) !== logs[i]) assert.equal(naturalLog(x), logs[i], `log(${x})`);
  });
});
