/**
 * `npm run results` writes the README's table of results: the workflow run here on both tables, beside what the
 * Python twin gave (`fixtures/twin-*.json`). The tutorial's table is not shipped; where it is missing, its part
 * of the README stays as it is.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testScores } from '../../evaluation/comparison';
import { compareProtocols } from '../../evaluation/protocols';
import { writeFileAtomic } from '../../files';
import { RandomForestRegressor, take } from '../../forest/src/index';
import { TUTORIAL_TABLE } from '../../forest/testing/index';
import { percent, withInterval } from '../../numberText';
import { cleanTracks } from '../../tracks/clean';
import { numbers } from '../../tracks/columns';
import { readTracks } from '../../tracks/read';
import { workflow } from './workflow';

const root = join(__dirname, '..', '..', '..');
const README = join(root, 'README.md');

/** As the notebook's. */
const SEED = 42;

/** The tables, and how the README calls them. */
export const TABLES = {
  shipped: { title: 'Shipped table', source: join(root, 'dataset', 'spotify_tracks.csv') },
  tutorial: { title: "The tutorial's table (227 tracks, not shipped)", source: TUTORIAL_TABLE },
};

/**
 * One table's part of the README: our scores with intervals on the test songs, the twin's in full, and what the
 * untuned forest scores under each protocol.
 */
export async function resultsOf(name: keyof typeof TABLES): Promise<string> {
  const { title, source } = TABLES[name];
  const ours = await workflow(source);
  const twin = JSON.parse(readFileSync(join(__dirname, 'fixtures', `twin-${name}.json`), 'utf8'));
  const tracks = await readTracks(source);
  const songs = cleanTracks(tracks).tracks;
  const makeForest = () => new RandomForestRegressor({ randomState: SEED });
  const protocols = await compareProtocols(makeForest, tracks, songs, { randomState: SEED });
  const actual = take(numbers(songs, 'popularity'), ours.testRows);
  const best = Object.entries(ours.bestParams).map(([key, value]) => `\`${key}: ${value}\``);
  const { r2, mae } = testScores(actual, ours.predictions, { randomState: SEED });
  const row = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [
    `**${title}**: ${ours.rows} rows, ${ours.songs} songs, of which ${ours.testRows.length} to test on; best of 27 settings ${best.join(', ')}. The forest's R2 ${withInterval(r2)}, MAE ${withInterval(mae, 1)} (95% bootstrap intervals).`,
    '',
    row('score', 'here', 'in Python'),
    row('---', '---', '---'),
    ...Object.entries(ours.scores).flatMap(([model, { r2, mae }]) => [
      row(`${model}, R2`, r2, twin.scores[model][0]),
      row(`${model}, MAE`, mae, twin.scores[model][1]),
    ]),
    row(
      'best mean score of the grid, R2',
      Math.max(...ours.cvResults.meanTestScore),
      Math.max(...twin.cv_results.mean_test_score),
    ),
    '',
    row('untuned forest, cross-validated', 'test songs known', 'R2', 'MAE'),
    row('---', '---', '---', '---'),
    ...protocols.map(({ protocol, sameSong, model }) =>
      row(protocol, percent(sameSong, 1), withInterval(model.r2), withInterval(model.mae, 1)),
    ),
  ].join('\n');
}

/** Puts a table's part between its two marks. */
export function withResults(readme: string, name: string, part: string): string {
  const [begin, end] = [`<!-- results of ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from < 0 || to < from)
    throw new Error(`withResults requires a README with ${begin} and ${end}, got one without`);
  return `${readme.slice(0, from + begin.length)}\n${part}\n${readme.slice(to)}`;
}

async function main(): Promise<void> {
  let readme = readFileSync(README, 'utf8');
  for (const [name, { source }] of Object.entries(TABLES)) {
    const isThere = existsSync(source);
    if (isThere) readme = withResults(readme, name, await resultsOf(name as keyof typeof TABLES));
    console.log(
      `README.md, results of ${name}: ${isThere ? 'written' : 'left as they are, the table is not here'}`,
    );
  }
  writeFileAtomic(README, readme);
}

if (require.main === module) void main();
