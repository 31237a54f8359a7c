/**
 * `npm run results` writes the results into two READMEs: in three digits into the project's, in full and beside the
 * Python twin's (`fixtures/twin-*.json`) into the workshop's. The tutorial's table is not shipped; where it is
 * missing, its part stays as it is.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
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
/** The files that hold results. */
export const READMES = { project: join(root, 'README.md'), workshop: join(__dirname, '..', 'README.md') };

/** The notebook's seed. */
const SEED = 42;

/** The tables and their titles. */
export const TABLES = {
  shipped: { title: 'Shipped table', source: join(root, 'dataset', 'spotify_tracks.csv') },
  tutorial: { title: "The tutorial's table (227 tracks, not shipped)", source: TUTORIAL_TABLE },
};

const row = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`;

/** Measures one table: the workflow's numbers, the test scores with intervals, and the scores of each protocol. */
async function measure(source: string) {
  const numbersOf = await workflow(source);
  const tracks = await readTracks(source);
  const songs = cleanTracks(tracks).tracks;
  const makeForest = () => new RandomForestRegressor({ randomState: SEED });
  const protocols = await compareProtocols(makeForest, tracks, songs, { randomState: SEED });
  const actual = take(numbers(songs, 'popularity'), numbersOf.testRows);
  const scores = testScores(actual, numbersOf.predictions, { randomState: SEED });
  return { ours: numbersOf, protocols, scores };
}

type Measured = Awaited<ReturnType<typeof measure>>;

/** The project's README: the scores in three digits. */
function inShort({ ours, scores }: Measured): string {
  const { mean, linear } = ours.scores;
  return [
    row(`${ours.testRows.length} unseen songs`, 'R²', 'mean absolute error'),
    row('---', '---', '---'),
    row('always the mean', mean.r2.toFixed(3), mean.mae.toFixed(1)),
    row('linear regression', linear.r2.toFixed(3), linear.mae.toFixed(1)),
    row('random forest', withInterval(scores.r2, 3), withInterval(scores.mae, 1)),
  ].join('\n');
}

/** The workshop's README: every digit beside the twin's, and the untuned forest's scores under each protocol. */
function inFull(name: keyof typeof TABLES, { ours, protocols, scores }: Measured): string {
  const twin = JSON.parse(readFileSync(join(__dirname, 'fixtures', `twin-${name}.json`), 'utf8'));
  const best = Object.entries(ours.bestParams).map(([key, value]) => `\`${key}: ${value}\``);
  return [
    `**${TABLES[name].title}**: ${ours.rows} rows, ${ours.songs} songs, of which ${ours.testRows.length} to test on; best of 27 settings ${best.join(', ')}. The forest's R² is ${withInterval(scores.r2)} and its MAE ${withInterval(scores.mae, 1)} (95% bootstrap intervals).`,
    '',
    row('score', 'here', 'in Python'),
    row('---', '---', '---'),
    ...Object.entries(ours.scores).flatMap(([model, { r2, mae }]) => [
      row(`${model}, R²`, r2, twin.scores[model][0]),
      row(`${model}, MAE`, mae, twin.scores[model][1]),
    ]),
    row(
      'best mean score of the grid, R²',
      Math.max(...ours.cvResults.meanTestScore),
      Math.max(...twin.cv_results.mean_test_score),
    ),
    '',
    row('untuned forest, cross-validated', 'test songs known', 'R²', 'MAE'),
    row('---', '---', '---', '---'),
    ...protocols.map(({ protocol, sameSong, model }) =>
      row(protocol, percent(sameSong, 1), withInterval(model.r2), withInterval(model.mae, 1)),
    ),
  ].join('\n');
}

/** A table's parts of the two READMEs. */
export async function resultsOf(
  name: keyof typeof TABLES,
): Promise<{ [readme in keyof typeof READMES]?: string }> {
  const measured = await measure(TABLES[name].source);
  const workshop = inFull(name, measured);
  return name === 'shipped' ? { project: inShort(measured), workshop } : { workshop };
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
  for (const name of ['shipped', 'tutorial'] as const) {
    if (!existsSync(TABLES[name].source)) {
      console.log(`The results of ${name} stay as they are: the table is not here`);
      continue;
    }
    for (const [readme, part] of Object.entries(await resultsOf(name))) {
      const path = READMES[readme as keyof typeof READMES];
      writeFileAtomic(path, withResults(readFileSync(path, 'utf8'), name, part));
      console.log(`The results of ${name} are in ${relative(root, path)}`);
    }
  }
}

if (require.main === module) void main();
