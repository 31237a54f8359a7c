/**
 * A window without a screen in which plotly.js draws: linkedom's document (half the time of jsdom's), and the
 * few measurements that a layout needs. It is a world of its own: nothing of it reaches the kernel's globals.
 */
import { readFileSync } from 'node:fs';
import { createContext, runInContext, Script } from 'node:vm';
import { ASCENT, DESCENT, textWidth } from './figureText';

/** The part of a DOM element that is used here; the kernel compiles `lib` without the browser's types. */
export interface DomElement {
  readonly nodeType: number;
  readonly localName: string;
  readonly children: ArrayLike<DomElement>;
  readonly childNodes: ArrayLike<DomElement>;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  readonly parentNode: DomElement | null;
  readonly textContent: string | null;
  readonly style?: { [name: string]: string };
  getAttribute(name: string): string | null;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** a, b, c, d, e, f of an SVG matrix: x' = ax + cy + e, y' = bx + dy + f. */
type Affine = readonly [number, number, number, number, number, number];

const IDENTITY: Affine = [1, 0, 0, 1, 0, 0];

function multiply(m: Affine, n: Affine): Affine {
  return [
    m[0] * n[0] + m[2] * n[1],
    m[1] * n[0] + m[3] * n[1],
    m[0] * n[2] + m[2] * n[3],
    m[1] * n[2] + m[3] * n[3],
    m[0] * n[4] + m[2] * n[5] + m[4],
    m[1] * n[4] + m[3] * n[5] + m[5],
  ];
}

function transformOf(element: DomElement): Affine {
  let matrix = IDENTITY;
  for (const [, name, list] of (element.getAttribute('transform') ?? '').matchAll(/(\w+)\(([^)]*)\)/g)) {
    const [a = 0, b = 0, c = 0] = (list.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
    if (name === 'translate') matrix = multiply(matrix, [1, 0, 0, 1, a, b]);
    if (name === 'scale') matrix = multiply(matrix, [a, 0, 0, b || a, 0, 0]);
    if (name === 'rotate') {
      const [cos, sin] = [Math.cos((a * Math.PI) / 180), Math.sin((a * Math.PI) / 180)];
      matrix = multiply(matrix, [cos, sin, -sin, cos, b - b * cos + c * sin, c - b * sin - c * cos]);
    }
  }
  return matrix;
}

function transformBox(box: Box, matrix: Affine): Box {
  const corners = [box.left, box.right].flatMap((x) => [box.top, box.bottom].map((y) => [x, y]));
  const xs = corners.map(([x, y]) => matrix[0] * x + matrix[2] * y + matrix[4]);
  const ys = corners.map(([x, y]) => matrix[1] * x + matrix[3] * y + matrix[5]);
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

function union(boxes: Box[]): Box | null {
  if (boxes.length === 0) return null;
  return {
    left: Math.min(...boxes.map((box) => box.left)),
    top: Math.min(...boxes.map((box) => box.top)),
    right: Math.max(...boxes.map((box) => box.right)),
    bottom: Math.max(...boxes.map((box) => box.bottom)),
  };
}

/** A style that is inherited: the element's own, else its nearest ancestor's. */
function inherited(element: DomElement | null, css: string, attribute: string): string {
  for (let at = element; at?.getAttribute; at = at.parentNode) {
    const value = at.style?.[css] || at.getAttribute(attribute);
    if (value) return value;
  }
  return '';
}

function fontOf(element: DomElement): { size: number; bold: boolean } {
  const weight = inherited(element, 'fontWeight', 'font-weight');
  return {
    size: Number.parseFloat(inherited(element, 'fontSize', 'font-size')) || 12,
    bold: weight === 'bold' || Number(weight) >= 600,
  };
}

const attribute = (element: DomElement, name: string) =>
  Number.parseFloat(element.getAttribute(name) ?? '') || 0;

/** Width of a line, of which parts may be bold or small: plotly.js sets them in tspans of their own. */
function lineWidth(element: DomElement): number {
  const { size, bold } = fontOf(element);
  const parts = Array.from(element.childNodes, (child) =>
    child.nodeType === 1 ? lineWidth(child) : textWidth(child.textContent ?? '', size, bold),
  );
  return parts.reduce((sum, part) => sum + part, 0);
}

function lineBox(element: DomElement, x: number, y: number): Box {
  const { size } = fontOf(element);
  const width = lineWidth(element);
  const anchor = inherited(element, 'textAnchor', 'text-anchor');
  const left = x - (anchor === 'middle' ? width / 2 : anchor === 'end' ? width : 0);
  const baseline = y + attribute(element, 'dy') * size; // plotly.js gives dy in em
  return { left, right: left + width, top: baseline - ASCENT * size, bottom: baseline + DESCENT * size };
}

function textBox(element: DomElement): Box | null {
  const [x, y] = [attribute(element, 'x'), attribute(element, 'y')];
  const lines = Array.from(element.children).filter((child) => child.getAttribute('class') === 'line');
  if (lines.length === 0) return lineBox(element, x, y);
  return union(lines.map((line) => lineBox(line, x, y)));
}

/** The end points of a path's absolute commands: enough for the straight shapes that a layout measures. */
function pathBox(element: DomElement): Box | null {
  const points: [number, number][] = [];
  let [x, y] = [0, 0];
  for (const [, command, list] of (element.getAttribute('d') ?? '').matchAll(/([A-Z])([^A-Za-z]*)/g)) {
    const numbers = (list.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
    if (numbers.length === 0) continue;
    if (command === 'H') x = numbers[numbers.length - 1];
    else if (command === 'V') y = numbers[numbers.length - 1];
    else [x, y] = numbers.slice(-2);
    points.push([x, y]);
  }
  return union(points.map(([px, py]) => ({ left: px, right: px, top: py, bottom: py })));
}

/** The box of an element in its own coordinates, or null where nothing is drawn. */
function boxOf(element: DomElement): Box | null {
  if (element.style?.display === 'none') return null;
  const tag = element.localName;
  if (tag === 'text') return textBox(element);
  if (tag === 'tspan') return lineBox(element, attribute(element, 'x'), attribute(element, 'y'));
  if (tag === 'path') return pathBox(element);
  if (tag === 'rect' || tag === 'image') {
    const [left, top] = [attribute(element, 'x'), attribute(element, 'y')];
    return {
      left,
      top,
      right: left + attribute(element, 'width'),
      bottom: top + attribute(element, 'height'),
    };
  }
  if (tag === 'defs' || tag === 'clipPath') return null;
  const boxes = Array.from(element.children).map((child) => {
    const box = boxOf(child);
    return box && transformBox(box, transformOf(child));
  });
  return union(boxes.filter((box): box is Box => box !== null));
}

const asRect = (box: Box | null) => {
  const { left, top, right, bottom } = box ?? { left: 0, top: 0, right: 0, bottom: 0 };
  return { x: left, y: top, left, top, right, bottom, width: right - left, height: bottom - top };
};

function boundingClientRect(this: DomElement) {
  let box = boxOf(this);
  for (let at: DomElement | null = this; box && at?.getAttribute; at = at.parentNode) {
    box = transformBox(box, transformOf(at));
  }
  return asRect(box);
}

function nameOf(this: DomElement): string {
  return this.localName;
}

/** A canvas that remembers the rectangles painted on it; `toDataURL` gives them back as JSON. */
class RecordingContext {
  fillStyle = '';
  readonly rectangles: [number, number, number, number, string][] = [];
  fillRect(x: number, y: number, width: number, height: number): void {
    this.rectangles.push([x, y, width, height, this.fillStyle]);
  }
}

/** The cells of a heat map as JSON, in place of its canvas; the SVG then holds them as plain rectangles. */
export const RECORDED = 'data:application/json,';

/** The parts of plotly.js that are used here. */
interface Plotly {
  newPlot(element: unknown, figure: unknown): Promise<unknown>;
  purge(element: unknown): void;
  Snapshot: { toSVG(element: unknown, format: 'svg'): string };
}

/** Draws one figure, given as JSON, and hands its SVG element to `read` before it is cleared away. */
export type DrawFigure = <T>(json: string, read: (svg: DomElement) => T) => Promise<T>;

const nothing = () => {};

/** Properties of a browser's window that plotly.js needs beside the document. */
function browserGlobals(): Record<string, unknown> {
  const silent = { log: nothing, warn: nothing, error: nothing, trace: nothing, info: nothing };
  return {
    ...{ setTimeout, clearTimeout, performance, TextDecoder, TextEncoder, console: silent },
    ...{ addEventListener: nothing, removeEventListener: nothing, devicePixelRatio: 1, Blob: class {} },
    URL: { createObjectURL: () => '' },
    navigator: { userAgent: '' },
    location: { href: 'about:blank', protocol: 'about:' },
    matchMedia: () => ({ matches: false, addEventListener: nothing, addListener: nothing }),
    requestAnimationFrame: (callback: () => void) => setTimeout(callback, 0),
    cancelAnimationFrame: clearTimeout,
    getComputedStyle: (element: DomElement) => element.style ?? {},
  };
}

/** plotly.js names its clip paths at random: with a generator of its own every run draws the same bytes. */
function seededRandom(): () => number {
  let state = 1;
  return () => {
    state = (state * 16807) % 2147483647; // Park and Miller's minimal standard generator
    return state / 2147483647;
  };
}

/** Opens the window and loads plotly.js into it, which takes about a second: once per process. */
export function openStage(): DrawFigure {
  const { parseHTML } = require('linkedom');
  const { document, DOMParser, Element, HTMLElement, SVGElement, Node } = parseHTML(
    '<!DOCTYPE html><body></body>',
  );
  for (const prototype of [SVGElement.prototype, HTMLElement.prototype]) {
    prototype.getBoundingClientRect = boundingClientRect;
  }
  SVGElement.prototype.getBBox = function (this: DomElement) {
    return asRect(boxOf(this));
  };
  SVGElement.prototype.getComputedTextLength = function (this: DomElement) {
    return lineWidth(this);
  };
  // linkedom writes all names of an HTML page in capitals, SVG's as well
  for (const name of ['nodeName', 'tagName']) {
    Object.defineProperty(SVGElement.prototype, name, { get: nameOf, configurable: true });
  }
  const createElement = document.createElement.bind(document);
  document.createElement = (name: string) => {
    const element = createElement(name);
    if (name !== 'canvas') return element;
    const context = new RecordingContext();
    element.getContext = (kind: string) => (kind === '2d' ? context : null);
    element.toDataURL = () => RECORDED + encodeURIComponent(JSON.stringify(context.rectangles));
    return element;
  };

  let drawn: DomElement | undefined;
  class XMLSerializer {
    serializeToString(svg: DomElement): string {
      drawn = svg;
      return '';
    }
  }
  const sandbox: Record<string, unknown> = {
    ...browserGlobals(),
    ...{ document, DOMParser, Element, HTMLElement, SVGElement, Node, XMLSerializer },
  };
  sandbox.window = sandbox;
  sandbox.self = sandbox;
  const world = createContext(sandbox);
  const { math, parse } = runInContext('({ math: Math, parse: JSON.parse })', world);
  math.random = seededRandom();
  new Script(readFileSync(require.resolve('plotly.js'), 'utf8'), { filename: 'plotly.js' }).runInContext(
    world,
  );
  const plotly = sandbox.Plotly as Plotly;

  return async (json, read) => {
    const place = document.body.appendChild(createElement('div'));
    try {
      await plotly.newPlot(place, parse(json));
      plotly.Snapshot.toSVG(place, 'svg');
      return read(drawn!);
    } finally {
      plotly.purge(place);
      place.remove();
    }
  };
}
