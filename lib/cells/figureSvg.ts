/**
 * Makes the SVG of plotly.js small and fit for any page. It has no scripts, and no classes or styles that could
 * leak into the page or be changed by it. Its ids occur in no other figure, and a text describes it to screen
 * readers.
 */
import { createHash } from 'node:crypto';
import { escapeHtml } from './displayHtml';
import { type DomElement, RECORDED } from './figureDom';
import { FONT } from './figureText';

type Attributes = Map<string, string>;

/** Attributes that mean nothing in a picture. */
const NOISE =
  /^(class|data-.*|xmlns.*|pointer-events|cursor|white-space|preserveAspectRatio|vector-effect|font-family|text-decoration-.*)$/;
/** The defaults of an SVG's attributes: writing them would only make the file larger. */
const DEFAULTS: Record<string, string> = {
  opacity: '1',
  'fill-opacity': '1',
  'stroke-opacity': '1',
  'stroke-width': '1',
  'font-weight': 'normal',
  'font-style': 'normal',
  'font-variant': 'normal',
  'text-anchor': 'start',
  'stroke-miterlimit': '4',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  visibility: 'visible',
};

/** Paths with more characters than this are curves of many points. */
const LONG_PATH = 120;

/** Two decimals are a hundredth of a pixel; a curve of many points needs one. */
function roundNumbers(text: string): string {
  const steps = text.length > LONG_PATH ? 10 : 100;
  return text.replace(/-?\d*\.\d+(e[-+]?\d+)?/g, (number) =>
    String(Math.round(Number(number) * steps) / steps + 0),
  );
}

function shortColour(colour: string): string {
  const channels = /^rgba?\((\d+), ?(\d+), ?(\d+)(?:, ?1)?\)$/.exec(colour);
  if (!channels) return colour;
  return (
    '#' +
    channels
      .slice(1, 4)
      .map((channel) => Number(channel).toString(16).padStart(2, '0'))
      .join('')
  );
}

function attributesOf(element: DomElement): Attributes {
  const found: Attributes = new Map();
  for (const { name, value } of element.attributes) {
    if (name !== 'style' && !NOISE.test(name)) found.set(name, roundNumbers(value));
  }
  for (const rule of (element.getAttribute('style') ?? '').split(';')) {
    const [name, value] = rule.split(/:(.*)/).map((part) => part?.trim());
    if (value && !NOISE.test(name))
      found.set(name, shortColour(roundNumbers(value.replace(/(\d)px\b/g, '$1'))));
  }
  // not so on a tspan: there it says that the text's own dy is not for this line
  if (element.localName === 'text' && found.get('dy') === '0em') found.delete('dy');
  const painted = (kind: string) =>
    found.has(kind) && found.get(kind) !== 'none' && found.get(`${kind}-opacity`) !== '0';
  if (!painted('stroke') || Number(found.get('stroke-width') ?? 1) === 0) {
    for (const name of [...found.keys()]) if (name.startsWith('stroke')) found.delete(name);
  }
  if (found.get('fill-opacity') === '0') found.set('fill', 'none').delete('fill-opacity');
  for (const [name, value] of Object.entries(DEFAULTS)) if (found.get(name) === value) found.delete(name);
  return found;
}

const write = (attributes: Attributes) =>
  [...attributes].map(([name, value]) => ` ${name}="${escapeHtml(value)}"`).join('');

/** A shape with neither ink nor area is left out. */
function isInvisible(element: DomElement, attributes: Attributes): boolean {
  const tag = element.localName;
  if (attributes.get('display') === 'none' || attributes.get('opacity') === '0') return true;
  if (tag === 'path' && !attributes.get('d')) return true;
  if (tag === 'rect' && !attributes.has('fill') && !attributes.has('stroke')) return false; // a clip path's
  return (tag === 'path' || tag === 'rect') && attributes.get('fill') === 'none' && !attributes.has('stroke');
}

const CIRCLE = /^M([\d.]+),0A\1,\1 0 1,1 0,-\1A\1,\1 0 0,1 \1,0Z$/;
const TRANSLATE = /^translate\((-?[\d.]+),(-?[\d.]+)\)$/;

/** A point of a scatter as position and size, with the rest of its attributes as the key of its group. */
function asCircle(element: DomElement): { circle: string; look: string } | null {
  if (element.localName !== 'path') return null;
  const attributes = attributesOf(element);
  const radius = CIRCLE.exec(attributes.get('d') ?? '')?.[1];
  const position = TRANSLATE.exec(attributes.get('transform') ?? '');
  if (!radius || !position) return null;
  // the opacity of a group would hide how many points lie on each other
  const opacity = attributes.get('opacity');
  if (opacity && attributes.delete('opacity')) attributes.set('fill-opacity', opacity);
  attributes.delete('d');
  attributes.delete('transform');
  const [cx, cy] = position.slice(1).map((number) => Math.round(Number(number) * 10) / 10 + 0);
  return { circle: `<circle cx="${cx}" cy="${cy}" r="${radius}"/>`, look: write(attributes) };
}

/** The cells of a heat map, which plotly.js paints on a canvas: plain rectangles in place of the picture. */
function rectangles(image: Attributes): string {
  const cells = JSON.parse(
    decodeURIComponent((image.get('xlink:href') ?? image.get('href'))!.slice(RECORDED.length)),
  );
  const rects = cells.map(
    ([x, y, width, height, colour]: [number, number, number, number, string]) =>
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${shortColour(colour.replace(/,/g, ', '))}"/>`,
  );
  return `<g transform="translate(${image.get('x')},${image.get('y')})">${rects.join('')}</g>`;
}

function children(element: DomElement): string {
  let written = '';
  let open = '';
  for (const child of Array.from(element.childNodes)) {
    const point = child.nodeType === 1 ? asCircle(child) : null;
    if (open && point?.look !== open) {
      written += '</g>';
      open = '';
    }
    if (point && !open) written += `<g${point.look}>`;
    if (point) {
      open = point.look;
      written += point.circle;
    } else written += writeNode(child);
  }
  return written + (open && '</g>');
}

function writeNode(node: DomElement): string {
  if (node.nodeType === 3) return escapeHtml(node.textContent ?? '');
  if (node.nodeType !== 1) return '';
  const tag = node.localName;
  const attributes = attributesOf(node);
  if (tag === 'image') return rectangles(attributes);
  if (isInvisible(node, attributes)) return '';
  const inside = children(node);
  if (tag === 'g' && inside === '') return '';
  if ((tag === 'text' || tag === 'defs' || tag === 'clipPath') && inside === '') return '';
  if (tag === 'g' && attributes.size === 0) return inside;
  return inside === '' ? `<${tag}${write(attributes)}/>` : `<${tag}${write(attributes)}>${inside}</${tag}>`;
}

/** Ids in order of appearance, without those that nothing refers to. */
function renameIds(body: string): string {
  const names = new Map<string, string>();
  for (const [, id] of body.matchAll(/url\(#([^)]+)\)/g)) {
    if (!names.has(id)) names.set(id, `${ID}${names.size}`);
  }
  return body
    .replace(/<(clipPath|linearGradient)[^>]*? id="([^"]+)"[^>]*>.*?<\/\1>/g, (definition, _tag, id) =>
      names.has(id) ? definition : '',
    )
    .replace(/url\(#([^)]+)\)/g, (_, id) => `url(#${names.get(id)})`)
    .replace(/ id="([^"]+)"/g, (_, id) => (names.has(id) ? ` id="${names.get(id)}"` : ''))
    .replace(/<defs><\/defs>|<g><\/g>/g, '');
}

/** Stands for the figure's own prefix of ids until its content is known. */
const ID = '\u0000';

/**
 * @param svg what plotly.js drew
 * @param size the picture's width and height in pixels, which become its aspect ratio
 * @param words its title and what it shows, for those who cannot see it
 */
export function compactSvg(
  svg: DomElement,
  size: { width: number; height: number },
  words: { title: string; alt: string },
): string {
  const { width, height } = size;
  const body = renameIds(children(svg)).replace(/^<rect /, '<rect rx="6" ');
  const whole =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"` +
    ` style="max-width:100%;height:auto" font-family="${FONT}" role="img"` +
    ` aria-labelledby="${ID}title ${ID}desc">` +
    `<title id="${ID}title">${escapeHtml(words.title)}</title><desc id="${ID}desc">${escapeHtml(words.alt)}</desc>` +
    `${body}</svg>`;
  // several figures may share one page: their ids begin with a hash of their content
  const prefix = `f${createHash('sha256').update(whole).digest('hex').slice(0, 8)}-`;
  return whole.replaceAll(ID, prefix);
}
