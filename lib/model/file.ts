import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { prepareFile, writeFileAtomic } from '../files';
import { InputError, shorten, valueText } from '../forest/src/index';
import { MODEL_SCHEMA, type ModelContents, VERSION } from './format';
import { check, sentence } from './jsonSchema';
import { Model } from './model';

/**
 * JSON takes some fifty bytes of memory for each value that begins, so many times the file's own size. A model
 * has a few thousand: its numbers are packed.
 */
const MAX_VALUES = 1_000_000;

/** A larger file is not a model of this project (a thousand deep trees take about 40 MB). */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Writes a model to a file: all of it or nothing, the same bytes for the same model, and only when what
 * was written would load again. A folder that is missing is made.
 * @param path usually models/model.json
 * @throws InputError naming the field that no model may have so
 */
export function saveModel(path: string, model: Model): void {
  const text = modelText(model.contents);
  parseModel(text, path);
  prepareFile(path);
  writeFileAtomic(path, text);
}

/**
 * Reads a model from a file and checks every field.
 * @param path usually models/model.json
 * @throws InputError naming the file and the field that is wrong
 * @example loadModel('models/model.json').predict(track)
 */
export function loadModel(path: string): Model {
  return parseModel(readText(path), path);
}

function readText(path: string): string {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) throw new InputError(`${path}: no such file; npm start trains the model and writes it`);
    if (!stat.isFile()) throw new InputError(`${path}: a model is a file, this is a folder or a device`);
    if (stat.size > MAX_BYTES) {
      throw new InputError(`${path}: a model has at most ${MAX_BYTES} bytes, this file has ${stat.size}`);
    }
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path}: cannot be read: ${(error as Error).message}`);
  }
}

/**
 * The model that a file's text holds.
 * @param text JSON
 * @param path what messages call it
 */
export function parseModel(text: string, path = 'model.json'): Model {
  if (valuesIn(text) > MAX_VALUES) {
    throw new InputError(`${path}: a model has at most ${MAX_VALUES} values, this file has more`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(`${path}: not JSON, so it is not a model or was cut short`);
  }
  try {
    return new Model(checkContents(value));
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${path}: ${error.message}`);
    throw error;
  }
}

/** How many values a JSON text begins at most: one after every bracket and comma. */
function valuesIn(text: string): number {
  let count = 1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x2c || code === 0x5b || code === 0x7b) count++;
  }
  return count;
}

function checkContents(value: unknown): ModelContents {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const { sha256, ...contents } = (isObject ? value : {}) as Record<string, unknown>;
  const version = contents.version;
  if (typeof version === 'number' && version !== VERSION) {
    throw new InputError(`version requires ${VERSION}, got ${version}: train the model again with npm start`);
  }
  const [problem] = check(MODEL_SCHEMA, isObject ? contents : value);
  if (problem) throw new InputError(sentence(problem, 'A model'));
  const model = contents as unknown as ModelContents;
  for (const [name, setting] of Object.entries(model.hyperparameters)) {
    if (typeof setting !== 'object' || setting === null) continue;
    const field = `hyperparameters.${shorten(name, 40)}`;
    throw new InputError(
      sentence({ field, allowed: 'a number, text, true, false or null', got: valueText(setting) }),
    );
  }
  checkFeatures(model);
  // Last, so that a field with an impossible value is named; a changed but possible one is caught here.
  if (sha256 !== checksum(model)) {
    throw new InputError(
      `sha256 requires the checksum of the other fields, got ${valueText(sha256)}: the file was changed`,
    );
  }
  return model;
}

/** Checks the rules that a schema cannot say: names differ, ranges are ranges, codes have names, examples fit. */
function checkFeatures({ features, target, examples }: ModelContents): void {
  const names = new Set<string>();
  const wrong = (field: string, allowed: string, got: unknown) =>
    new InputError(sentence({ field, allowed, got: valueText(got) }));
  if (!(target.min < target.max)) throw wrong('target.max', `a number above ${target.min}`, target.max);
  features.forEach((feature, j) => {
    const at = (name: string) => `features[${j}].${name}`;
    const { name, min, max, seenMin, seenMax, typical, scale, kind, categories } = feature;
    if (names.has(name)) throw wrong(at('name'), 'a name of its own', name);
    names.add(name);
    if (!(min <= max)) throw wrong(at('max'), `a number of at least ${min}`, max);
    if (!(seenMin <= seenMax)) throw wrong(at('seenMax'), `a number of at least ${seenMin}`, seenMax);
    if (!(typical >= min && typical <= max))
      throw wrong(at('typical'), `a number from ${min} to ${max}`, typical);
    if (!(scale > 0)) throw wrong(at('scale'), 'a number above 0', scale);
    if (kind === 'number' && categories) throw wrong(at('categories'), 'nothing for a number', categories);
    if (kind !== 'category') return;
    if (!categories || new Set(categories).size !== categories.length) {
      throw wrong(at('categories'), 'a list of different names', categories);
    }
    if (min !== 0 || max !== categories.length - 1 || !Number.isInteger(typical)) {
      throw wrong(at('max'), `codes from 0 to ${categories.length - 1}`, max);
    }
  });
  examples.forEach(({ values }, i) => {
    const at = `examples[${i}].values`;
    if (values.length !== features.length) throw wrong(at, `a list of ${features.length}`, values);
    features.forEach(({ min, max, kind }, j) => {
      const value = values[j];
      if (value >= min && value <= max && (kind === 'number' || Number.isInteger(value))) return;
      throw wrong(`${at}[${j}]`, `a ${kind === 'number' ? 'number' : 'code'} from ${min} to ${max}`, value);
    });
  });
}

/** Of the parsed fields, not of the file's bytes: white space may differ, no value may. */
function checksum(contents: ModelContents): string {
  return createHash('sha256').update(JSON.stringify(contents)).digest('hex');
}

/** The file's text: JSON, one line per feature, example, song and array of numbers, so that differences can be read. */
export function modelText(contents: ModelContents): string {
  const lines = Object.entries(contents).map(([name, value]) => {
    if (Array.isArray(value) && (typeof value[0] === 'object' || name === 'songs')) {
      return `"${name}": [\n${value.map((item) => `  ${JSON.stringify(item)}`).join(',\n')}\n]`;
    }
    if (name === 'trees') {
      const fields = Object.entries(value).map(([key, packed]) => `  "${key}": ${JSON.stringify(packed)}`);
      return `"${name}": {\n${fields.join(',\n')}\n}`;
    }
    return `"${name}": ${JSON.stringify(value)}`;
  });
  return `{\n${lines.join(',\n')},\n"sha256": "${checksum(contents)}"\n}\n`;
}
