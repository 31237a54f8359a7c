import assert from 'node:assert/strict';
import test from 'node:test';
import { without } from '../testing/peers';
import { firstDifference, runOracle } from './compare';
import { Peer } from './peer';

test('300 random forests and grids equal live scikit-learn', { skip: without('sklearn') }, async () => {
  const peer = new Peer();
  try {
    const tally = await runOracle(peer, 300, 7);
    assert.deepEqual(tally.differences, []);
    const nodes = [...tally.nodes.values()].reduce((total, count) => total + count, 0);
    assert.ok(nodes > 50_000 && tally.scores > 5_000, `${nodes} nodes, ${tally.scores} scores`);
    assert.ok(tally.nodes.size >= 9, [...tally.nodes.keys()].join());
    assert.ok(tally.inexact > 100 && tally.inexact < 200);
  } finally {
    peer.close();
  }
});

test('the comparison sees a difference of one bit', () => {
  assert.equal(firstDifference([1, 2], [1, 2]), null);
  assert.match(firstDifference([0.1 + 0.2], [0.3])!, /0.30000000000000004 instead of 0.3 at 0/);
  assert.match(firstDifference([1], [1, 2])!, /1 instead of 2 numbers/);
});
