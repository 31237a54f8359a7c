// @ts-check
/** Making and finding elements, and numbers as people read them. */

/** @returns {any} */
export const byId = (/** @type {string} */ id) => document.getElementById(id);

/**
 * @param {string} name
 * @param {Record<string, unknown>} attributes
 * @param {...any} children elements and texts
 * @returns {any}
 */
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** The same for a drawing. @returns {any} */
export function svg(
  /** @type {string} */ name,
  /** @type {Record<string, unknown>} */ attributes = {},
  /** @type {any[]} */ ...children
) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function filled(
  /** @type {Element} */ node,
  /** @type {Record<string, unknown>} */ attributes,
  /** @type {any[]} */ children,
) {
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}

/** A link that saves a text as a CSV file; a page without permission to navigate may still do this. */
export function saveCsv(/** @type {BlobPart[]} */ parts, /** @type {string} */ name) {
  const href = URL.createObjectURL(new Blob(parts, { type: 'text/csv' }));
  return element('a', { class: 'button', href, download: name });
}

export const one = (/** @type {number} */ value) => value.toFixed(1);

/** 3351.2 as "3,351"; toLocaleString would take a sixth of the time that the page needs to be ready. */
export const whole = (/** @type {number} */ value) =>
  String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');

export const counted = (/** @type {number} */ count, /** @type {string} */ noun) =>
  `${whole(count)} ${noun}${count === 1 ? '' : 's'}`;

/** A number without an exponent: 0.0000159. */
export const plain = (/** @type {number} */ value) =>
  String(value).includes('e-') ? value.toFixed(20).replace(/0+$/, '') : String(value);

/** Milliseconds as minutes and seconds. */
export function minutes(/** @type {number} */ milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** @typedef {import('../types').Feature} Feature */

/** A feature's value to be read, not to be calculated with. */
export function shown(/** @type {Feature} */ feature, /** @type {number} */ value) {
  if (Number.isNaN(value)) return 'not given';
  if (feature.kind === 'category') return feature.categories[value];
  if (feature.kind === 'boolean') return value ? 'yes' : 'no';
  if (feature.unit === 'ms') return minutes(value);
  if (value !== 0 && Math.abs(value) < 0.001) return `${value < 0 ? '> −' : '< '}0.001`;
  const unit = feature.unit && feature.unit.length < 4 ? ` ${feature.unit}` : '';
  return `${Number(value.toPrecision(3))}${unit}`.replace('-', '−');
}

/** A feature's value as the interface takes it; undefined for one that is not given. */
export function natural(/** @type {Feature} */ feature, /** @type {number} */ value) {
  if (Number.isNaN(value)) return undefined;
  if (feature.kind === 'boolean') return value !== 0;
  return feature.kind === 'category' ? feature.categories[value] : value;
}

/** The browser's storage for this page, if there is one: a frame in a notebook has none. */
export const store = {
  read(/** @type {string} */ key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  write(/** @type {string} */ key, /** @type {string} */ value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      // Kept as long as the page is open.
    }
  },
};
