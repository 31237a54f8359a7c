/** Figures of "hit or not": the confusion matrix, and what other thresholds would reach. */
import type { Data } from 'plotly.js';
import { escapeLabel } from '../cells/displayHtml';
import type { Figure } from '../cells/figure';
import type { TableView } from '../cells/table';
import { alwaysTheSame, type HitReport } from '../evaluation/hits';
import { calibrationCurve, precisionRecallCurve, rocAucScore, rocCurve } from '../forest/src/index';
import { percent, thousands } from '../numberText';
import { hitTable } from './scoreTables';
import {
  type Axes,
  axis,
  BOTTOM,
  COLOURS,
  DARK_INK,
  INK,
  LEGEND_ABOVE,
  layout,
  type Panel,
  panelHeading,
  panels,
  SEQUENTIAL,
  TOP_WITH_HEADINGS,
  thin,
} from './theme';

/** Confusion matrix of "is this track a hit?", with accuracy, precision, recall and the base rate. */
export function confusionMatrix(report: HitReport): Figure {
  const { matrix, labels, threshold, accuracy, precision, recall } = report;
  const same = alwaysTheSame(report);
  const shares = matrix.map((row) => row.map((count) => count / Math.max(1, row[0] + row[1])));
  const cells = labels.flatMap((actual, i) =>
    labels.map((said, j) => ({ actual, said, count: matrix[i][j], share: shares[i][j] })),
  );
  const found = `accuracy ${percent(accuracy)} (always "${same.answer}": ${percent(same.accuracy)}), precision ${precision === null ? 'none' : percent(precision)}, recall ${percent(recall)}`;
  return {
    data: [
      {
        ...{
          type: 'heatmap',
          x: labels,
          y: labels,
          z: shares,
          zmin: 0,
          zmax: 1,
          xgap: 2,
          ygap: 2,
          showscale: false,
        },
        ...{ colorscale: SEQUENTIAL, hoverinfo: 'skip' },
      } as Data,
      {
        ...{
          type: 'scatter',
          mode: 'text',
          x: cells.map(({ said }) => said),
          y: cells.map(({ actual }) => actual),
        },
        text: cells.map(({ count, share }) => `<b>${thousands(count)}</b><br>${percent(share)}`),
        textfont: { size: 15, color: cells.map(({ share }) => (share > 0.6 ? '#FFFFFF' : DARK_INK)) },
        hovertemplate: '%{y}, called %{x}: %{text}<extra></extra>',
      } as Data,
    ],
    layout: layout({
      title: `A hit or not (popularity of ${threshold} or more): ${percent(accuracy)} are called right`,
      subtitle: found,
      height: 400,
      margin: { l: 110 },
      axes: {
        xaxis: axis('Called', { showgrid: false, ticks: '' }),
        yaxis: axis('Actually', { showgrid: false, ticks: '', autorange: 'reversed' }),
      },
    }),
    alt: `Confusion matrix for hits: ${found}.`,
  };
}

const CURVE_POINTS = 200;
const COLOUR_OF_MODEL = [COLOURS.blue, COLOURS.orange, COLOURS.green, COLOURS.purple];
const DASHES = ['solid', 'dash', 'dot', 'dashdot'];

/** Of many points some, which are enough to draw a curve, the last among them. */
function fewer(x: ArrayLike<number>, y: ArrayLike<number>): { x: number[]; y: number[] } {
  const last = x.length - 1;
  const kept = [...thin(last, CURVE_POINTS), last];
  return { x: kept.map((i) => x[i]), y: kept.map((i) => y[i]) };
}

/** The three curves of one model. */
function hitTraces(
  { name, report, color, dash }: { name: string; report: HitReport; color: string; dash: string },
  places: readonly Panel[],
): Data[] {
  const { isHit, probability } = report;
  const roc = rocCurve(isHit, probability);
  const { precision, recall } = precisionRecallCurve(isHit, probability);
  const bins = calibrationCurve(isHit, probability, { nBins: 8 });
  const line = { type: 'scatter', name: escapeLabel(name), line: { color, width: 2.5, dash } };
  return [
    {
      ...{ ...line, mode: 'lines', ...fewer(roc.fpr, roc.tpr) },
      hovertemplate: '%{y:.0%} of the hits found, %{x:.0%} of the others called hits',
    } as Data,
    {
      ...{ ...line, mode: 'lines', showlegend: false, xaxis: places[1].x, yaxis: places[1].y },
      ...fewer(recall, precision),
      hovertemplate: '%{x:.0%} of the hits found, %{y:.0%} of those called hits are',
    } as Data,
    {
      ...{ ...line, mode: 'lines+markers', showlegend: false, xaxis: places[2].x, yaxis: places[2].y },
      ...{ x: bins.probPred, y: bins.probTrue, marker: { color, size: 7 } },
      hovertemplate: 'said %{x:.0%}, was %{y:.0%}',
    } as Data,
  ];
}

/**
 * Draws what each model reaches at every threshold on the probability: ROC and precision-recall curves, and the
 * calibration, which shows whether the probabilities are true.
 */
export function hitCurvesFigure(reports: Readonly<Record<string, HitReport>>): Figure {
  const curves = Object.entries(reports).map(([name, report], k) => ({
    ...{ name, report, area: rocAucScore(report.isHit, report.probability) },
    ...{ color: COLOUR_OF_MODEL[k % COLOUR_OF_MODEL.length], dash: DASHES[k % DASHES.length] },
  }));
  const [{ report }] = curves;
  const { places } = panels(3, 3, { columnGap: 0.1 });
  // The quantity upwards stands below the heading: beside the axis it would need room between the panels.
  const headings = [
    '<b>ROC</b><br>hits called so',
    '<b>Precision</b><br>hits among them',
    '<b>Calibration</b><br>share of hits',
  ];
  const titles = ['Others called hits', 'Hits called so', 'Probability said'];
  const axes: Axes = {};
  places.forEach((place, i) => {
    const range = { range: [-0.03, 1.03], tickformat: '.0%', nticks: 4 };
    axes[place.xaxis] = axis(titles[i], { ...range, domain: place.xDomain, anchor: place.y as 'y' });
    axes[place.yaxis] = axis('', { ...range, domain: [0, 1], anchor: place.x as 'x' });
  });
  const chance = (i: number, y: [number, number]) =>
    ({
      ...{ type: 'scatter', mode: 'lines', x: [0, 1], y, hoverinfo: 'skip', showlegend: false },
      ...{ xaxis: places[i].x, yaxis: places[i].y, line: { color: INK, width: 1, dash: 'dot' } },
    }) as Data;
  const data = curves.flatMap((curve) => hitTraces(curve, places));
  const areas = curves.map(({ name, area }) => `${name} ${area.toFixed(2)}`).join(', ');
  return {
    data: [chance(0, [0, 1]), chance(1, [report.baseRate, report.baseRate]), chance(2, [0, 1]), ...data],
    layout: layout({
      title: `Area under the ROC curve: ${areas}`,
      subtitle: 'dotted: guessing, and on the right a probability that is just right',
      height: TOP_WITH_HEADINGS + 268 + BOTTOM,
      margin: { t: TOP_WITH_HEADINGS + 40 },
      showlegend: true,
      legend: { ...LEGEND_ABOVE, y: 1.18 },
      axes,
      annotations: places.map((place, i) => panelHeading(place, headings[i])),
    }),
    alt: `ROC, precision-recall and calibration curves of hit or not. Area under the ROC curve: ${areas}.`,
  };
}

/** All that is shown of "hit or not"; nothing where there are no reports. */
export function hitViews(reports: Readonly<Record<string, HitReport>>): (Figure | TableView)[] {
  const [first] = Object.values(reports);
  return first ? [hitTable(reports), hitCurvesFigure(reports), confusionMatrix(first)] : [];
}
