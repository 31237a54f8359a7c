/**
 * The notebook's findings: one or two sentences of Markdown for each section, put together from its numbers, so
 * that they are true of whatever table is read. A sentence with nothing to say is left out.
 */
import { readableValue } from '../figures/columns';
import { correlations } from '../figures/statistics';
import {
  type CvResults,
  correctedInterval,
  type Estimate,
  type Importance,
  type LearningCurve,
  mean,
  type NestedScores,
  type PartialDependence,
  type Split,
  standardDeviation,
  type Table,
} from '../forest/src/index';
import type { Explanation } from '../model/treeShap';
import { fixed, literally, percent, thousands, withInterval } from '../numberText';
import { lackingFeatures, SCHEMA } from '../tracks/schema';
import type { Feature, Tracks } from '../tracks/types';
import type { ModelScores } from './comparison';
import type { GroupErrors } from './errorsByGroup';
import type { FoldScores } from './foldComparison';
import { alwaysTheSame, type HitReport, withAlwaysTheSame } from './hits';
import type { ProtocolResult } from './protocols';
import type { RepeatKind } from './repeats';

/** "1 song", "2,000 songs". */
export const counted = (count: number, noun: string) =>
  `${thousands(count)} ${noun}${count === 1 ? '' : 's'}`;

/** "a", "a and b", "a, b and c". */
export const listed = (words: readonly string[]) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;

/** Whether an interval lies on one side of 0: then chance alone hardly explains the value. */
const isClear = ({ lower, upper }: Estimate) => lower > 0 || upper < 0;

const labelOf = (name: string) =>
  name === 'release_year' ? 'Release year' : (SCHEMA.find((column) => column.name === name)?.label ?? name);

/** Says which of the usual features a model does without; '' where it has all. */
export function features(learnt: readonly Pick<Feature, 'name'>[]): string {
  const lacking = lackingFeatures(learnt.map(({ name }) => name)).map(({ label }) => label.toLowerCase());
  if (lacking.length === 0) return '';
  const them = lacking.length > 1 ? 'them' : 'it';
  return `**The features do without ${listed(lacking)}: the table, or most of its rows, lacks ${them}.**`;
}

/** Says how many rows and genres there are, what is missing, and which columns only repeat the target in words. */
export function table(tracks: Tracks): string {
  const { columns, rowCount } = tracks;
  const genres = Array.isArray(columns.track_genre) ? new Set(columns.track_genre.filter(Boolean)).size : 0;
  const missing = Object.entries(columns).flatMap(([name, values]) => {
    const count = Array.from<string | number>(values).filter(
      (value) => value === '' || Number.isNaN(value),
    ).length;
    return count > 0 ? [`${thousands(count)} in \`${name}\``] : [];
  });
  const shown = missing.length > 6 ? [...missing.slice(0, 6), `${missing.length - 6} columns more`] : missing;
  const gaps = missing.length === 0 ? 'no value is missing' : `missing values: ${listed(shown)}`;
  const size = genres > 1 ? `${counted(rowCount, 'track')} of ${genres} genres` : counted(rowCount, 'track');
  return [`**${size}; ${gaps}.**`, ...targetInWords(tracks)].join(' ');
}

/** Sentences on columns of a few words that follow from popularity: they say the target, so they are no features. */
function targetInWords({ columns }: Tracks): string[] {
  const popularity = columns.popularity;
  return Object.entries(columns).flatMap(([name, values]) => {
    if (!Array.isArray(values) || SCHEMA.some((column) => column.name === name)) return [];
    const ranges = new Map<string, [number, number]>();
    for (const [row, word] of values.entries()) {
      const value = Number(popularity[row]);
      const [low, high] = ranges.get(word) ?? [value, value];
      ranges.set(word, [Math.min(low, value), Math.max(high, value)]);
      if (ranges.size > 5) return [];
    }
    const ordered = [...ranges].filter(([word]) => word !== '').sort((a, b) => a[1][0] - b[1][0]);
    const isApart = ordered.every(([, [low]], i) => i === 0 || low > ordered[i - 1][1][1]);
    if (ordered.length < 2 || !isApart) return [];
    const words = ordered.map(([word, [low, high]]) => `"${literally(word)}" is ${low} to ${high}`);
    return [`The column \`${name}\` is the target in words (${words.join(', ')}), so it is no feature.`];
  });
}

/** Says how many rows repeat a song. */
export function repeats(kinds: readonly RepeatKind[]): string {
  const all = kinds[kinds.length - 1];
  const rows = all.groupOf.length;
  if (all.repeats === 0)
    return `**No song has more than one of the ${thousands(rows)} rows**, as far as names, ids and audio tell.`;
  return `**${thousands(all.repeats)} of ${counted(rows, 'row')} (${percent(all.repeats / rows)}) repeat a song that the table already has**; one song has ${all.largest} rows.`;
}

/**
 * Says what cleaning leaves, what it does to the mean of the target, and which repeats stay.
 * @param kinds from `findRepeats` of the table before
 */
export function cleaning(before: Tracks, after: Tracks, kinds: readonly RepeatKind[]): string {
  const meanOf = ({ columns }: Tracks) => {
    const values = Float64Array.from<number | string>(columns.popularity, Number);
    return mean(values.filter((value) => !Number.isNaN(value))).toFixed(1);
  };
  const [first, second] = [meanOf(before), meanOf(after)];
  const left = `**${counted(after.rowCount, 'song')} of ${counted(before.rowCount, 'row')} are left.**`;
  const moved = first === second ? `stays at ${first}` : `goes from ${first} to ${second}`;
  const said =
    after.rowCount === before.rowCount
      ? `${left} Nothing had to be taken out.`
      : `${left} The most popular row of each song stays; the mean popularity ${moved}.`;
  const { groupOf } = kinds[kinds.length - 1];
  const kept = new Set(after.lines);
  const songs = new Set(groupOf.filter((_, row) => kept.has(before.lines[row])));
  const alike = after.rowCount - songs.size;
  if (alike === 0) return said;
  const [stay, are] = alike === 1 ? ['stays', 'it is'] : ['stay', 'they are'];
  return `${said} ${thousands(alike)} of the repeats above ${stay}: only near-identical audio says that ${are} another row's song, and two songs may sound alike.`;
}

/** Says what the same model seems to explain under each protocol. */
export function protocols(results: readonly ProtocolResult[]): string {
  const of = (name: ProtocolResult['protocol']) => results.find(({ protocol }) => protocol === name);
  const [leaky, apart] = [of('rows split as they come'), of('songs kept apart')];
  const artists = of('artists kept apart');
  const sentences: string[] = [];
  if (leaky && apart && leaky.sameSong > 0) {
    const known = `with ${percent(leaky.sameSong)} of the test songs known`;
    const isLarge = leaky.model.r2.lower > apart.model.r2.value;
    const verdict = isLarge
      ? `${known}, the forest looks better than it is`
      : `${known}, the difference may still be chance`;
    sentences.push(
      `**Split as they come, the same rows give R² ${fixed(leaky.model.r2.value)}; with each song on one side only, ${fixed(apart.model.r2.value)}: ${verdict}.**`,
    );
  } else if (leaky)
    sentences.push('**No test song is known from training, so nothing leaks between the parts.**');
  if (artists && Number.isNaN(artists.model.r2.value)) {
    sentences.push('With artists kept apart, a part has only one song to test on, and one song has no R².');
  } else if (artists) {
    const { r2 } = artists.model;
    const verdict =
      r2.lower > 0 ? 'which is more than the mean knows' : 'which may be no more than the mean knows';
    sentences.push(`For artists that it has not heard, R² is ${withInterval(r2)}, ${verdict}.`);
  } else sentences.push('There are too few artists, or none named, to keep them apart.');
  return sentences.join(' ');
}

/**
 * Says which setting of the grid is best, and how many others may be as good: those whose difference from it on the
 * same folds has a corrected 95% interval that holds 0 (see `correctedInterval`).
 * @param splits those that the scores come from
 */
export function search(
  results: Pick<CvResults, 'params' | 'meanTestScore' | 'splitTestScores' | 'rankTestScore'>,
  splits: readonly Split[],
): string {
  const { params, meanTestScore, splitTestScores, rankTestScore } = results;
  const best = rankTestScore.indexOf(1);
  const chosen = Object.entries(params[best]).map(([name, value]) => `${name} ${value ?? 'none'}`);
  const behind = splitTestScores.filter((scores) => {
    const differences = scores.map((score, k) => splitTestScores[best][k] - score);
    return correctedInterval(differences, splits).lower > 0;
  }).length;
  const others = params.length - 1;
  const said = `**Best: ${listed(chosen)}, R² ${meanTestScore[best].toFixed(3)}.**`;
  if (others === 0) return said;
  const equal = others - behind;
  const some =
    equal === others
      ? `all ${counted(others, 'other setting')}`
      : `${thousands(equal)} of the other ${counted(others, 'setting')}`;
  const rest = behind === 0 ? '' : ` ${thousands(behind)} ${behind > 1 ? 'are' : 'is'} clearly behind.`;
  return `${said} On the same folds ${some} may be as good: the 95% interval of the difference holds 0.${rest}`;
}

/** Whether the best of many scores was luck. */
export function nested({ promised, kept, optimism }: NestedScores): string {
  if (Number.isNaN(optimism)) return '**There are too few songs for folds within folds.**';
  const differences = promised.map((value, i) => value - kept[i]);
  const verdict =
    optimism > 0
      ? `So the best score was too high by ${optimism.toFixed(3)}`
      : 'So the best score did not promise too much';
  return `**The searches promised ${mean(promised).toFixed(3)} on average and kept ${mean(kept).toFixed(3)}.** ${verdict}; the difference varies by ${standardDeviation(differences).toFixed(3)} between the ${promised.length} folds.`;
}

/** The model that an R² of 0 stands for, among those of `otherModels`. */
const MEAN = 'mean of all tracks';

/** Says which model is best on the same folds, and how sure that is. */
export function comparison(models: readonly FoldScores[]): string {
  const [first] = models;
  const best = models.reduce((a, b) => (b.r2.value > a.r2.value ? b : a));
  const worse = models.filter(({ firstLess }) => firstLess.r2.lower > 0).map(({ name }) => name);
  const less = ({ value, lower, upper }: Estimate) => ({ value: -value, lower: -upper, upper: -lower });
  const chance = isClear(best.firstLess.r2) ? 'the difference is no chance' : 'the difference may be chance';
  const said =
    best === first
      ? `**No model here has a higher R² than the ${first.name}: ${withInterval(first.r2, 3)}.**`
      : `**The highest R², ${withInterval(best.r2, 3)}, has "${best.name}"; the ${first.name} has ${withInterval(first.r2, 3)}.** On the same folds the ${first.name} has ${withInterval(less(best.firstLess.r2), 3)} less, so ${chance}.`;
  const ahead = `The ${first.name} is clearly ahead of ${worse.length > 0 ? `these: ${listed(worse)}` : 'none of the others'}.`;
  const doubt =
    first.r2.upper < 0
      ? ' Its R² is below 0: it is worse than the mean.'
      : ' The interval of its R² holds 0: it may be no better than the mean.';
  // The difference on the same folds tells more than the interval of the score.
  const isAhead = first.r2.lower > 0 || worse.includes(MEAN);
  return `${said} ${ahead}${isAhead ? '' : doubt}`;
}

/** Says that models were compared on some of the training songs only; '' where it were all. */
export const drawn = (rows: number, all: number) =>
  rows === all
    ? ''
    : `To save time the models were compared on ${thousands(rows)} of the ${thousands(all)} training songs, drawn at random.`;

/** Says how many trees are nearly as good as all. */
export function treeCount(scores: ArrayLike<number>): string {
  const all = Array.from(scores);
  const last = all[all.length - 1];
  const enough = 1 + all.findIndex((_, i) => all.slice(i).every((score) => Math.abs(score - last) < 0.005));
  return `**From ${counted(enough, 'tree')} on, R² stays within 0.005 of the ${last.toFixed(3)} that all ${thousands(all.length)} have.**`;
}

/** Says what the model explains on the test songs, beside the genre alone and the best in absolute error. */
export function test(models: readonly ModelScores[], r2ByArtist: Estimate): string {
  const [first, ...others] = models;
  const { r2 } = first;
  const known =
    r2.lower > 0
      ? `the forest explains ${percent(Math.max(0, r2.value))} of the variance: R² ${withInterval(r2)}`
      : `the forest is not reliably better than the mean: R² ${withInterval(r2)}`;
  const sentences = [
    `**On songs that it has not heard ${known}.** Where the bootstrap draws whole artists in place of songs, it is ${withInterval(r2ByArtist)}.`,
  ];
  const genre = others.find(({ name }) => name === 'mean of the genre');
  if (genre)
    sentences.push(
      `The genre alone reaches R² ${genre.r2.value.toFixed(2)}; what the forest adds to it is ${withInterval(genre.firstGains.r2)}.`,
    );
  const least = models.reduce((a, b) => (b.mae.value < a.mae.value ? b : a));
  sentences.push(
    least === first
      ? `In absolute error it is best too: ${first.mae.value.toFixed(1)} points.`
      : `In absolute error "${least.name}" is best: ${least.mae.value.toFixed(1)} points, the forest ${first.mae.value.toFixed(1)}.${least.name.startsWith('median') ? ' A forest forecasts means, and absolute errors favour medians.' : ''}`,
  );
  return sentences.join(' ');
}

/** Says where the errors are largest. */
export function errors(groups: readonly GroupErrors[]): string {
  if (groups.length < 2) return '';
  const [most, least] = [groups[0], groups[groups.length - 1]];
  return `**It errs most in ${literally(most.group)} (${most.mae.toFixed(0)} points on average) and least in ${literally(least.group)} (${least.mae.toFixed(0)}).**`;
}

/** Says what share the interval held, and whether one range for all songs would do as well. */
export function interval(
  level: number,
  wanted: number,
  own: { coverage: number; width: number },
  one: { width: number },
): string {
  const verdict = own.width < one.width ? 'narrower than' : 'no narrower than';
  const few = level < wanted ? ` From so few songs no interval of ${percent(wanted)} can be learnt.` : '';
  return `**The ${percent(level)} interval held ${percent(own.coverage, 1)} of the unseen songs and is ${own.width.toFixed(0)} points wide on average**, ${verdict} one range for all songs (${one.width.toFixed(0)}).${few}`;
}

/** Says what the model needs most, single features or groups of them. */
export function importance(groups: readonly Importance[], all: number): string {
  const [first, second] = groups;
  const name = (one: Importance) => one.feature.split(' + ').map(labelOf).join(' + ');
  if (!(first?.mean > 0))
    return '**Shuffling no feature makes the forecast worse: it uses none that helps on unseen songs.**';
  const next = second ? ` Next is ${name(second)}, with ${second.mean.toFixed(2)}.` : '';
  const wrong =
    first.mean > all && all > 0
      ? ` That is more than the R² of ${all.toFixed(2)}, since a wrong value misleads.`
      : '';
  return `**Most: ${name(first)}. Shuffled, R² falls by ${first.mean.toFixed(2)}.**${wrong}${next}`;
}

/** Says which features are too alike to be judged one by one. */
export function alike(groups: readonly (readonly string[])[]): string {
  const pairs = groups.filter(({ length }) => length > 1).map((names) => listed(names.map(labelOf)));
  return pairs.length === 0
    ? 'No two features go together so closely that they had to be shuffled as one.'
    : `Shuffled as one, since they go together: ${pairs.join('; ')}.`;
}

/** Of the features that are amounts, the first; those before it are categories. */
const firstAmount = <T extends { feature: Feature }>(ordered: readonly T[]) =>
  ordered.find(({ feature }) => feature.kind === 'number');

/** Says which feature moves the mean forecast most, and whether the amount that does so works alike for all songs. */
export function dependence(results: readonly PartialDependence[], features: readonly Feature[]): string {
  const ordered = results
    .flatMap(({ feature: name, ...curves }) => {
      const feature = features.find((one) => one.name === name);
      const average = Array.from(curves.average);
      const [low, high] = [Math.min(...average), Math.max(...average)];
      return feature ? [{ ...curves, feature, average, low, high }] : [];
    })
    .sort((a, b) => b.high - b.low - (a.high - a.low));
  const [first] = ordered;
  if (!first || first.high - first.low < 0.5)
    return '**No feature shown moves the mean forecast by a point.**';
  const { feature, grid, average, low, high } = first;
  const at = (value: number) => literally(readableValue(feature, grid[average.indexOf(value)]));
  const shown = ordered.length > 1 ? `Of these ${ordered.length} features ` : '';
  const said = `**${shown}${feature.label} moves the mean forecast most: at ${at(high)} it is ${(high - low).toFixed(0)} points above that at ${at(low)}.**`;
  const amount = firstAmount(ordered);
  if (!amount) return said;
  const rises = amount.individual.map((curve) => curve[curve.length - 1] - curve[0]);
  const share = (isSo: (rise: number) => boolean) => rises.filter(isSo).length / rises.length;
  const [up, down] = [share((rise) => rise > 0), share((rise) => rise < 0)];
  const verdict =
    Math.min(up, down) >= 0.1
      ? 'so it works differently for different songs'
      : 'so it works much alike for all';
  return `${said} From the left end of its curve to the right ${amount.feature.label} raises the forecast of ${percent(up)} of ${counted(rises.length, 'song')} and lowers that of ${percent(down)}, ${verdict}.`;
}

/**
 * Says how far the features move forecasts, and which way the amount that does so most.
 * @param X the rows explained
 */
export function contributions(
  explanations: readonly Explanation[],
  X: Table,
  features: readonly Feature[],
): string {
  const ordered = features
    .map((feature, j) => {
      const moved = Float64Array.from(explanations, (one) => one.contributions[j]);
      return { feature, moved, column: X.columns[j], size: mean(moved.map(Math.abs)) };
    })
    .sort((a, b) => b.size - a.size);
  const sizes = ordered.slice(0, 3).map(({ feature, size }) => `${feature.label} by ${size.toFixed(1)}`);
  const said = `**On average the largest moves, up or down, are ${listed(sizes)} points**, away from the mean forecast of ${explanations[0].expected.toFixed(1)}.`;
  const amount = firstAmount(ordered);
  if (!amount) return said;
  const [, [rank]] = correlations([amount.moved, amount.column], 'spearman');
  if (Number.isNaN(rank)) return said;
  const way =
    Math.abs(rank) < 0.5
      ? 'has no plain direction'
      : `as a rule ${rank > 0 ? 'raises' : 'lowers'} the forecast the more, the higher it is`;
  return `${said} ${amount.feature.label} ${way} (rank correlation of value and effect: ${rank.toFixed(2)}).`;
}

/**
 * Whether songs near one in sound are near it in popularity.
 * @param popularity of all songs
 * @param row the one
 * @param similar from `mostSimilar`
 */
export function similar(
  popularity: ArrayLike<number>,
  row: number,
  similar: readonly { row: number }[],
): string {
  if (similar.length === 0) return '';
  const off = (rows: readonly number[]) =>
    mean(rows.map((other) => Math.abs(popularity[other] - popularity[row]))).toFixed(0);
  const others = Array.from(popularity, (_, other) => other).filter((other) => other !== row);
  const near = similar.length === 1 ? 'nearest song' : `${similar.length} nearest songs`;
  return `**The popularity of the ${near} is ${off(similar.map((one) => one.row))} points from this song's ${popularity[row]} on average**, that of all other test songs ${off(others)} points.`;
}

/** Whether the curve still rises at its end. */
export function learning({ trainSizes, testScores }: LearningCurve): string {
  const means = testScores.map((scores) => mean(scores));
  const last = means.length - 1;
  if (last < 1) return '';
  const [rise, varies] = [means[last] - means[last - 1], standardDeviation(testScores[last])];
  const much = `${rise.toFixed(3)} against ${varies.toFixed(3)}`;
  const verdict =
    rise > varies
      ? `The last step raises it by more than the folds differ (${much}), so more songs should help.`
      : `The last step raises it by less than the folds differ (${much}), so more songs of this kind may change little.`;
  return `**R² on unseen songs goes from ${means[0].toFixed(2)} with ${counted(trainSizes[0], 'song')} to ${means[last].toFixed(2)} with ${thousands(trainSizes[last])}.** ${rise > 0 ? verdict : 'The last step does not raise it.'}`;
}

/** Says what the two directions of the map of songs are made of. */
export function soundMap(map: {
  explained: readonly [number, number];
  loadings: readonly { feature: Feature; x: number; y: number }[];
}): string {
  const of = (along: 'x' | 'y') =>
    [...map.loadings]
      .sort((a, b) => Math.abs(b[along]) - Math.abs(a[along]))
      .slice(0, 3)
      .map((one) => `${one[along] < 0 ? 'less' : 'more'} ${one.feature.label.toLowerCase()}`);
  return `**To the right: ${listed(of('x'))}. Upwards: ${listed(of('y'))}.** The two directions hold ${percent(map.explained[0] + map.explained[1])} of the variance of sound, so songs near each other here may still differ.`;
}

/** Whether hits are told from the rest better than by the genre alone and by always saying the same. */
export function hits(reports: Readonly<Record<string, HitReport>>, wanted: number): string {
  const entries = Object.entries(withAlwaysTheSame(reports));
  const [first] = Object.values(reports);
  if (!first) return '**Hit or not cannot be judged here:** it takes songs on both sides of a threshold.';
  const moved =
    first.threshold === wanted
      ? ''
      : ` A popularity of ${wanted} would part nothing here, so about the upper quarter counts as hits: ${first.threshold} or more.`;
  const said = entries.map(([name, { accuracy }]) => `${name} ${percent(accuracy, 1)}`);
  const [[name]] = entries;
  // Values are compared as they are shown, so that no sentence prefers one of two equal numbers.
  const shares = entries.map(([, { accuracy }]) => Number.parseFloat(percent(accuracy, 1)));
  const [most, ...asMany] = entries.filter((_, i) => shares[i] === Math.max(...shares)).map(([one]) => one);
  const verdict =
    most !== name
      ? `The ${name} calls fewer songs right than ${most}`
      : asMany.length > 0
        ? `The ${name} calls as many songs right as ${listed(asMany)}`
        : `The ${name} calls more songs right than the others`;
  const share = percent(first.baseRate, 1);
  const brier = Object.entries(reports).map(([model, report]) => `${model} ${report.brier.toFixed(3)}`);
  const always = `${alwaysTheSame(first).brier.toFixed(3)} for saying their share every time`;
  return `**${verdict}: ${listed(said)}.** ${share} of the songs are hits. Brier scores, the smaller the better: ${brier.join(', ')}, and ${always}.${moved}`;
}

/** Says what a change brought: the first of two models less the second. */
export function gain([changed, before]: readonly FoldScores[]): string {
  const { r2 } = before.firstLess;
  const verdict = r2.lower > 0 ? 'they help' : r2.upper < 0 ? 'they harm' : 'that may be nothing';
  return `**${changed.name[0].toUpperCase()}${changed.name.slice(1)}, R² changes by ${withInterval(r2, 3)}: ${verdict}.**`;
}

/** Whether the same trees say the same elsewhere. */
export function same(
  predicted: ArrayLike<number>,
  others: Readonly<Record<string, ArrayLike<number>>>,
): string {
  const largest = ([, values]: [string, ArrayLike<number>]) =>
    Array.from(predicted).reduce((most, value, i) => Math.max(most, Math.abs(value - values[i])), 0);
  const entries = Object.entries(others);
  const songs = counted(predicted.length, 'test song');
  const other = entries.filter((entry) => largest(entry) !== 0);
  const equal = entries.filter((entry) => !other.includes(entry)).map(([name]) => name);
  const said = [
    ...(equal.length > 0 ? [`the forecasts of ${listed(equal)} are exactly those of the forest`] : []),
    ...other.map((entry) => `those of ${entry[0]} differ by at most ${largest(entry)}`),
  ];
  return `**For ${songs}, ${listed(said)}.**`;
}
