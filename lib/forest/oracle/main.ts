/**
 * `npm run oracle -- --cases N --seed S`: fits random forests and grids here and with the live scikit-learn of
 * the Python at hand, and compares them node for node and score for score.
 */
import { parseArgs } from 'node:util';
import { runOracle } from './compare';
import { Peer } from './peer';

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { cases: { type: 'string' }, seed: { type: 'string' } } });
  const cases = Number(values.cases ?? 300);
  const seed = Number(values.seed ?? 7);
  if (!Number.isInteger(cases) || cases < 1 || !Number.isInteger(seed) || seed < 0) {
    console.error(
      'npm run oracle requires --cases of at least 1 and a --seed of at least 0, both whole numbers',
    );
    return 1;
  }
  const peer = new Peer();
  try {
    const versions = await peer.ask<{ sklearn: string; numpy: string }>({ do: 'version' });
    console.log(`scikit-learn ${versions.sklearn}, numpy ${versions.numpy}; ${cases} cases of seed ${seed}`);
    const tally = await runOracle(peer, cases, seed, (done, { differences }) => {
      if (done % 100 === 0) console.log(`${done} cases, ${differences.length} differences`);
    });
    for (const difference of tally.differences.slice(0, 20)) console.log(difference);
    for (const [kind, nodes] of [...tally.nodes].sort()) console.log(`${kind}: ${nodes} nodes`);
    const nodes = [...tally.nodes.values()].reduce((total, count) => total + count, 0);
    console.log(
      `${tally.trees} trees with ${nodes} nodes and ${tally.scores} predictions and scores compared; ` +
        `${tally.inexact} cases of targets whose sums depend on their order: ${tally.differences.length} differences`,
    );
    return tally.differences.length > 0 ? 1 : 0;
  } finally {
    peer.close();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
