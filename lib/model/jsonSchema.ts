import { distance } from 'fastest-levenshtein';
import { shorten, valueText } from '../forest/src/index';

/**
 * JSON Schema, as much of it as the model file and the demo's interface use: from one schema come the check
 * of a value, its TypeScript type and the documentation. Own code, not Ajv, for two reasons: a message says
 * in one sentence which field is wrong, what was given and what is allowed; and the demo's start does not
 * wait for a schema compiler (0.1 s on the reference machine, a fifth of what it may take).
 */
export interface Schema {
  readonly type: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: { readonly [name: string]: Schema };
  /** The properties that must be there. */
  readonly required?: readonly string[];
  /** Whether other properties may stand there, or what they must be. */
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly (string | number)[];
  readonly pattern?: string;
}

/** The type of the values that a schema (written `as const`) lets through. */
export type FromSchema<S> = S extends { enum: readonly (infer E)[] }
  ? E
  : S extends { type: 'number' | 'integer' }
    ? number
    : S extends { type: 'string' }
      ? string
      : S extends { type: 'boolean' }
        ? boolean
        : S extends { type: 'array'; items: infer I }
          ? FromSchema<I>[]
          : S extends { properties: infer P }
            ? { [K in keyof P]: FromSchema<P[K]> }
            : S extends { additionalProperties: infer A extends Schema }
              ? { [name: string]: FromSchema<A> }
              : unknown;

/** One field that is not as its schema says. */
export interface Problem {
  /** The place: `danceability`, `[2].tempo`, `features[0].name`; empty for the value itself. */
  field: string;
  /** The value that was given, shortened. */
  got: string;
  /** The value that would be right, in words. */
  allowed: string;
}

/** More than anyone reads; it also bounds the work on hostile input. */
const MAX_PROBLEMS = 20;

/** A problem as one sentence: `danceability requires a number from 0 to 1, got "high"`. */
export function sentence(problem: Problem, whole = 'The value'): string {
  return `${problem.field || whole} requires ${problem.allowed}, got ${problem.got}`;
}

/**
 * Everything about a value that is not as the schema says (at most 20 problems).
 * @param schema what is allowed
 * @param value anything, also from a stranger
 * @param field the name to put before the fields in the messages
 * @returns an empty array when the value is right
 */
export function check(schema: Schema, value: unknown, field = ''): Problem[] {
  const problems: Problem[] = [];
  visit(schema, value, field, problems);
  return problems;
}

function visit(schema: Schema, value: unknown, field: string, problems: Problem[]): void {
  if (problems.length >= MAX_PROBLEMS) return;
  if (!fits(schema, value)) {
    problems.push({ field, got: valueText(value), allowed: describe(schema) });
  } else if (schema.type === 'array' && schema.items) {
    const list = value as unknown[];
    for (let i = 0; i < list.length && problems.length < MAX_PROBLEMS; i++) {
      visit(schema.items, list[i], `${field}[${i}]`, problems);
    }
  } else if (schema.type === 'object') {
    visitProperties(schema, value as Record<string, unknown>, field, problems);
  }
}

function visitProperties(
  schema: Schema,
  value: Record<string, unknown>,
  field: string,
  problems: Problem[],
): void {
  const properties = schema.properties ?? {};
  const path = (name: string) => (field ? `${field}.${name}` : name);
  for (const name of schema.required ?? []) {
    // Object.hasOwn, not `in`: what a prototype offers is not part of the value.
    if (Object.hasOwn(value, name)) continue;
    problems.push({ field: path(name), got: 'nothing', allowed: describe(properties[name]) });
  }
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(properties, name)) visit(properties[name], value[name], path(name), problems);
    else if (typeof schema.additionalProperties === 'object') {
      visit(schema.additionalProperties, value[name], path(name), problems);
    } else if (schema.additionalProperties === false) {
      const near = nearest(name, Object.keys(properties));
      const allowed = near ? `another name, perhaps "${near}"` : `one of ${list(Object.keys(properties))}`;
      problems.push({ field: path(shorten(name, 40)), got: 'an unknown field', allowed });
    }
    if (problems.length >= MAX_PROBLEMS) return;
  }
}

function fits(schema: Schema, value: unknown): boolean {
  switch (schema.type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return (
        Array.isArray(value) &&
        value.length >= (schema.minItems ?? 0) &&
        value.length <= (schema.maxItems ?? Number.POSITIVE_INFINITY)
      );
    case 'boolean':
      return typeof value === 'boolean';
    case 'string':
      return (
        typeof value === 'string' &&
        value.length <= (schema.maxLength ?? Number.POSITIVE_INFINITY) &&
        (!schema.enum || schema.enum.includes(value)) &&
        (!schema.pattern || new RegExp(schema.pattern, 'u').test(value))
      );
    default: // number or integer; NaN and infinity are neither
      return (
        typeof value === 'number' &&
        Number.isFinite(value) &&
        (schema.type === 'number' || Number.isSafeInteger(value)) &&
        value >= (schema.minimum ?? Number.NEGATIVE_INFINITY) &&
        value <= (schema.maximum ?? Number.POSITIVE_INFINITY) &&
        (!schema.enum || schema.enum.includes(value))
      );
  }
}

/** The values that a schema allows, in words: "a number from 0 to 1". */
function describe(schema: Schema): string {
  if (schema.enum) return `one of ${list(schema.enum)}`;
  const { minimum, maximum } = schema;
  switch (schema.type) {
    case 'object':
      return 'an object';
    case 'array': {
      const { minItems, maxItems } = schema;
      if (minItems === undefined && maxItems === undefined) return 'a list';
      if (minItems === maxItems) return `a list of ${minItems}`;
      return maxItems === undefined
        ? `a list of at least ${minItems}`
        : `a list of ${minItems ?? 0} to ${maxItems}`;
    }
    case 'boolean':
      return 'true or false';
    case 'string':
      if (schema.pattern) return `text that matches ${schema.pattern}`;
      return schema.maxLength === undefined ? 'text' : `text of at most ${schema.maxLength} characters`;
    default: {
      const noun = schema.type === 'integer' ? 'a whole number' : 'a number';
      if (minimum !== undefined && maximum !== undefined) return `${noun} from ${minimum} to ${maximum}`;
      if (minimum !== undefined) return `${noun} of at least ${minimum}`;
      return maximum === undefined ? noun : `${noun} of at most ${maximum}`;
    }
  }
}

function list(values: readonly (string | number)[]): string {
  const shown = values.slice(0, 30).map(String).join(', ');
  return values.length > 30 ? `${shown} and ${values.length - 30} more` : shown;
}

/** The candidate that a misspelt name most likely meant, or undefined when none is near. */
function nearest(name: string, candidates: readonly string[]): string | undefined {
  const plain = (text: string) =>
    text
      .slice(0, 60)
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '');
  let best: string | undefined;
  let bestDistance = 3;
  for (const candidate of candidates) {
    const steps = distance(plain(name), plain(candidate));
    if (steps < bestDistance && steps < candidate.length / 2) [best, bestDistance] = [candidate, steps];
  }
  return best;
}
