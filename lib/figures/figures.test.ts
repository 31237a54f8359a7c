import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import test from 'node:test';
import { figureBundle, figureJson, figureSvg, figureTitle } from '../cells/figure';
import { awkwardTracks, testFigures } from '../workshop/samples/figures';
import { correlationHeatmap } from './explore';
import { intervalFigure, predictedAgainstActual } from './predictions';
import { protocolScores } from './scores';

const figures = Object.entries(testFigures());
const drawn = Promise.all(
  figures.map(async ([name, figure]) => ({ name, figure, svg: await figureSvg(figure) })),
);

/** Tokens of XML 1.0 without comments, doctypes and the like; whatever none of them matches is not well formed. */
const TOKEN =
  /<(\/?)([a-zA-Z]+)((?: [a-zA-Z0-9:-]+="(?:[^"<&]|&(?:amp|lt|gt|quot);)*")*)(\/?)>|(?:[^<>&]|&(?:amp|lt|gt|quot);)+/y;

function checkWellFormed(xml: string): string[] {
  const open: string[] = [];
  const seen: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < xml.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(xml);
    assert.ok(token, `not XML at ${at}: ${xml.slice(at, at + 80)}`);
    const [, close, tag, attributes = '', empty] = token;
    if (tag === undefined) continue;
    const names = [...attributes.matchAll(/ ([a-zA-Z0-9:-]+)=/g)].map((match) => match[1]);
    assert.equal(new Set(names).size, names.length, `an attribute twice: ${token[0]}`);
    seen.push(tag, ...names.map((name) => `@${name}`));
    if (close) assert.equal(open.pop(), tag);
    else if (!empty) open.push(tag);
    assert.ok(open.length > 0 || TOKEN.lastIndex === xml.length, 'one root element');
  }
  assert.deepEqual(open, []);
  return seen;
}

test('the check of XML sees what is wrong', () => {
  checkWellFormed('<svg a="1"><g/>x &amp; y</svg>');
  for (const wrong of [
    '<svg><g></svg>',
    '<svg a="<"></svg>',
    '<svg>&nbsp;</svg>',
    '<svg a="1" a="2"/>',
    '<svg/><svg/>',
    '<svg>',
  ]) {
    assert.throws(() => checkWellFormed(wrong), { name: 'AssertionError' }, wrong);
  }
});

test('every SVG is well formed, small, without scripts, and only drawn with plain shapes', async () => {
  for (const { name, svg } of await drawn) {
    const seen = checkWellFormed(svg);
    const strange = seen.filter((one) =>
      /^(script|style|image|foreignObject|use|a|@class|@href|@on.*)$/.test(one),
    );
    assert.deepEqual(strange, [], name);
    assert.ok(svg.length < 100_000, `${name} has ${svg.length} bytes`);
    assert.doesNotMatch(svg, /NaN|undefined|Infinity/, name);
    assert.doesNotMatch(svg, /[\u0000-\u0008]/, name);
  }
  assert.equal((await drawn).length, 21);
});

/** Texts of an SVG without their markup. */
const words = (svg: string) => svg.replace(/<[^>]*>/g, '\n');

test('every figure has a title, what it shows in words, and a title at each axis that is a quantity', async () => {
  for (const { name, figure, svg } of await drawn) {
    assert.match(
      svg,
      /^<svg [^>]*role="img" aria-labelledby="(\S+) (\S+)"><title id="\1">[^<]+<\/title><desc id="\2">[^<]{20,}<\/desc>/,
      name,
    );
    assert.ok(figure.alt.endsWith('.'), name);
    const axes = Object.entries(figure.layout).filter(([key]) => /^[xy]axis\d*$/.test(key));
    const titles = axes.map(([, axis]) => (axis as { title: { text: string } }).title.text).filter(Boolean);
    assert.ok(titles.length >= (name === 'correlationHeatmap' ? 0 : 1), name);
    for (const line of titles.flatMap((title) => title.split('<br>')))
      assert.ok(words(svg).includes(line), `${name}: ${line}`);
  }
});

test('ids are unique over all figures, which may share a page, and each reference has its target', async () => {
  const ids = (await drawn).flatMap(({ svg }) =>
    [...svg.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]),
  );
  assert.ok(ids.length > 30);
  assert.equal(new Set(ids).size, ids.length);
  for (const { name, svg } of await drawn) {
    const targets = [...svg.matchAll(/url\(#([^)]+)\)/g)].map((match) => match[1]);
    assert.ok(
      targets.every((target) => svg.includes(` id="${target}"`)),
      name,
    );
  }
});

test('awkward names are text in the figure and in its hover texts', async () => {
  for (const { name, figure, svg } of await drawn) {
    const json = figureJson(figure);
    assert.doesNotMatch(json, /<script|<img/, name);
    assert.doesNotMatch(svg, /<script|<img|<b>rock/, name);
  }
  const json = figureJson(testFigures().popularityByFeature!);
  assert.match(json, /&lt;script&gt;alert\(1\)&lt;\/script&gt; · Artist/);
  const { svg } = (await drawn).find(({ name }) => name === 'residualsByGroup')!;
  assert.match(svg, />&lt;b&gt;rock&lt;\/b&gt; \(133\)</);
});

test('a bundle has the interactive figure, the picture and the words, and no HTML', async () => {
  const figure = testFigures().confusionMatrix!;
  const bundle = await figureBundle(figure);
  assert.deepEqual(Object.keys(bundle), ['application/vnd.plotly.v1+json', 'image/svg+xml', 'text/plain']);
  assert.equal(
    bundle['text/plain'],
    `[Figure] A hit or not (popularity of 60 or more): 80% are called right, accuracy 80% (always "not a hit": 80%), precision none, recall 0%: ${figure.alt}`,
  );
});

test('the JSON keeps four digits and at most a few hundred kilobytes', () => {
  assert.equal(
    figureJson({ data: [{ y: Float64Array.of(1 / 3, Number.NaN, 123456.7) }], layout: {}, alt: '' }),
    '{"data":[{"y":[0.3333,null,123500]}],"layout":{}}',
  );
  const sizes = figures.map(([name, figure]) => ({ name, size: figureJson(figure).length }));
  for (const { name, size } of sizes) assert.ok(size < 160_000, `${name} has ${size} bytes`);
});

test('of many tracks a figure draws some, and says how many', () => {
  const actual = Float64Array.from({ length: 100_000 }, (_, row) => row % 101);
  const predictions = { actual, predicted: actual.map((value) => value / 2) };
  const ends = Array.from(actual, (value): [number, number] => [value / 2, value]);
  for (const [figure, said] of [
    [predictedAgainstActual(predictions), 'points: 300 of them'],
    [intervalFigure(predictions, ends), 'shown: 70'],
  ] as const) {
    const json = figureJson(figure);
    assert.ok(json.length < 120_000, `${json.length} bytes`);
    assert.ok(json.replaceAll('<br>', ' ').includes(said), json.slice(-2000));
  }
  const few = { actual: actual.subarray(0, 300), predicted: actual.subarray(0, 300) };
  assert.ok(!figureJson(predictedAgainstActual(few)).includes('of them'));
});

const hashOf = (svgs: string[]) => createHash('sha256').update(svgs.join('\n')).digest('hex');

test('the same bytes again, in another order, time zone, locale and process', async () => {
  const first = hashOf((await drawn).map(({ svg }) => svg));
  const again = new Map<string, string>();
  for (const [name, figure] of [...figures].reverse()) again.set(name, await figureSvg(figure));
  assert.equal(hashOf(figures.map(([name]) => again.get(name)!)), first);
  const script = `
    const { figureSvg } = require('./lib/cells/figure');
    const { testFigures } = require('./lib/workshop/samples/figures');
    const { createHash } = require('node:crypto');
    Promise.all(Object.values(testFigures()).map(figureSvg)).then((svgs) =>
      process.stdout.write(createHash('sha256').update(svgs.join('\\n')).digest('hex')));`;
  const env = { ...process.env, TZ: 'Asia/Kathmandu', LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' };
  const run = spawnSync(process.execPath, ['--import', 'tsx', '-e', script], {
    cwd: join(__dirname, '..', '..'),
    env,
    encoding: 'utf8',
  });
  assert.equal(run.stdout, first, run.stderr);
});

test('the same bytes when the files are loaded anew, as the kernel does after an edit', async () => {
  const [[name, figure]] = Object.entries(testFigures());
  const before = await figureSvg(figure);
  for (const path of Object.keys(require.cache))
    if (/figure(Dom|Svg)?\.ts$/.test(path)) delete require.cache[path];
  const { figureSvg: again } = require('../cells/figure');
  assert.equal(await again(figure), before, name);
});

test('a figure has a name without markup, or is called a figure', () => {
  const titled = (title?: unknown) => figureTitle({ data: [], layout: { title } as never, alt: '' });
  assert.deepEqual(
    [titled('<b>A</b>'), titled({ text: 'B<br>b' }), titled({}), titled()],
    ['A', 'B b', 'Figure', 'Figure'],
  );
});

test('correlations may be of ranks', () => {
  const title = (method?: 'pearson' | 'spearman') => figureTitle(correlationHeatmap(awkwardTracks(), method));
  assert.match(title('spearman'), /Spearman/);
  assert.match(title(), /Pearson/);
});

test('a constant column goes together with none', () => {
  const tracks = (tempo: number[]) => ({
    rowCount: 3,
    columns: {
      popularity: Float64Array.of(50, 50, 50),
      tempo: Float64Array.from(tempo),
      energy: Float64Array.of(0.1, 0.2, 0.4),
    },
  });
  const some = correlationHeatmap(tracks([100, 110, 90]));
  assert.match(figureTitle(some), /^Tempo and energy|^Energy and tempo/);
  assert.ok(!JSON.stringify([some.alt, figureTitle(some)]).includes('NaN'));
  const none = correlationHeatmap({
    ...tracks([1, 1, 1]),
    columns: { ...tracks([1, 1, 1]).columns, energy: Float64Array.of(1, 1, 1) },
  });
  assert.match(figureTitle(none), /^No two columns vary/);
});

test('a trace that needs WebGL is refused, instead of an empty picture', async () => {
  const figure = { data: [{ type: 'scattergl', x: [1], y: [1] }], layout: {}, alt: 'x' } as never;
  await assert.rejects(
    figureSvg(figure),
    /^Error: figureSvg requires traces that SVG can show, got scattergl$/,
  );
});

test('scores by protocol: a part of one song has no R² and no place in the title', () => {
  const score = (value: number) => ({ value, lower: value - 0.1, upper: value + 0.1 });
  const result = (protocol: 'songs kept apart' | 'artists kept apart', r2: number) => {
    const scores = { r2: score(r2), mae: score(10), rmse: score(12) };
    return { protocol, rows: 10, sameSong: 0, sameArtist: 0, model: scores, baseline: scores };
  };
  const some = protocolScores([result('songs kept apart', 0.25), result('artists kept apart', Number.NaN)]);
  assert.match(figureTitle(some), /^The same forest, R² 0\.25,/);
  assert.match(some.alt, /songs kept apart 0\.25, artists kept apart none\.$/);
  const none = protocolScores([result('artists kept apart', Number.NaN)]);
  assert.match(figureTitle(none), /^The same forest: parts of one song have no R²,/);
});
