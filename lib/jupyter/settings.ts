/** `npm start -- --set seed=7`: other settings for one run, without a change of the notebook. */
import type ts from 'typescript';
import { InputError } from '../forest/src/index';

/** One setting of the command line. */
export interface Setting {
  /** Such as `['grid', 'maxDepth']`. */
  path: readonly string[];
  value: unknown;
  /** As the user wrote it, for messages. */
  text: string;
}

/**
 * Reads `NAME=VALUE`, where a name may have dots. The value is JSON, and text where it is not JSON.
 * @param option which option it was given to, for the message
 * @throws InputError for text of another form
 */
export function parseSetting(option: string, text: string): Setting {
  const [, name, value] = /^([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) {
    const example = option === '--columns' ? 'tempo=beats' : 'seed=7 or grid.maxDepth=[4,8]';
    throw new InputError(`${option} requires a name and a value such as ${example}, got ${text}`);
  }
  return { path: name.split('.'), value: parseValue(value), text };
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The settings cell as the kernel runs it. */
export interface SettingsCell {
  /** The cell's source with one assignment for each setting behind the declaration. */
  source: string;
  /** A compiler's message of this source, for the user where it concerns a setting. */
  explain(message: string): string;
}

/**
 * Puts other settings behind a cell's declaration `const settings = { … }`, where the cell's own later lines
 * already see them. A setting that the cell writes as a number takes a number; the same holds for texts, lists and
 * the rest. The compiler checks all other settings.
 * @returns undefined where the cell declares no settings
 * @throws InputError for a setting that the cell does not have, or of another type
 */
export function withSettings(source: string, settings: readonly Setting[]): SettingsCell | undefined {
  const typescript: typeof ts = require('@tslab/typescript-for-tslab');
  const file = typescript.createSourceFile('cell.ts', source, typescript.ScriptTarget.Latest, true);
  const found = declarationOf(typescript, file);
  if (!found) return undefined;
  for (const setting of settings) checkSetting(typescript, found.initializer, setting);
  const { line, character } = file.getLineAndCharacterOfPosition(found.end);
  let inserted = ' ;';
  const starts = settings.map(({ path, value }) => {
    const start = inserted.length;
    inserted += `settings.${path.join('.')} = ${JSON.stringify(value)}; `;
    return character + start;
  });
  return {
    source: source.slice(0, found.end) + inserted + source.slice(found.end),
    explain(message) {
      const [, row, column, what] = /^(\d+):(\d+) - (.*)/.exec(message) ?? [];
      const which = starts.filter((start) => start < Number(column)).length - 1;
      if (Number(row) !== line + 1 || which < 0 || Number(column) > character + inserted.length)
        return message;
      return `InputError: --set ${settings[which].text} does not fit the notebook's settings: ${what}`;
    },
  };
}

/** The place of the object in `const settings = { … }`, and the end of its statement. */
function declarationOf(typescript: typeof ts, file: ts.SourceFile) {
  for (const statement of file.statements) {
    if (!typescript.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (initializer && name.getText() === 'settings') return { initializer, end: statement.end };
    }
  }
  return undefined;
}

function checkSetting(typescript: typeof ts, settings: ts.Expression, setting: Setting): void {
  const { path, value, text } = setting;
  let node: ts.Expression | undefined = settings;
  for (const [i, name] of path.entries()) {
    if (!node || !typescript.isObjectLiteralExpression(node)) return; // the compiler checks the rest
    const properties: ts.PropertyAssignment[] = node.properties.filter(typescript.isPropertyAssignment);
    if (properties.length < node.properties.length) return;
    const names = properties.map((property) => property.name.getText().replace(/^(['"])(.*)\1$/, '$2'));
    if (!names.includes(name)) {
      const known = i === 0 ? 'the settings have' : `${path.slice(0, i).join('.')} has`;
      throw new InputError(`--set ${text}: ${known} no ${name}, known are ${names.join(', ')}`);
    }
    node = properties[names.indexOf(name)].initializer;
  }
  const wanted = node && kindOf(typescript, node);
  if (wanted && !fits(wanted, value)) {
    throw new InputError(
      `--set requires ${describe(wanted)} for ${path.join('.')}, got ${JSON.stringify(value)}`,
    );
  }
}

/** The type of a literal: a kind, or a list with the kinds of its items. */
type Kind = 'a number' | 'text' | 'true or false' | 'null' | 'an object' | { items: Kind[] };

/** The kind of a literal, or undefined for another expression, whose type the compiler knows. */
function kindOf(typescript: typeof ts, node: ts.Expression): Kind | undefined {
  const { SyntaxKind } = typescript;
  if (typescript.isPrefixUnaryExpression(node)) return kindOf(typescript, node.operand);
  if (typescript.isNumericLiteral(node)) return 'a number';
  if (typescript.isStringLiteralLike(node)) return 'text';
  if (node.kind === SyntaxKind.TrueKeyword || node.kind === SyntaxKind.FalseKeyword) return 'true or false';
  if (node.kind === SyntaxKind.NullKeyword) return 'null';
  if (typescript.isObjectLiteralExpression(node)) return 'an object';
  if (!typescript.isArrayLiteralExpression(node)) return undefined;
  const items = node.elements.flatMap((element) => kindOf(typescript, element) ?? []);
  return items.length > 0 && items.length === node.elements.length ? { items } : undefined;
}

function fits(kind: Kind, value: unknown): boolean {
  if (typeof kind === 'object') {
    return Array.isArray(value) && value.every((item) => kind.items.some((one) => fits(one, item)));
  }
  if (kind === 'null') return value === null;
  if (kind === 'an object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === { 'a number': 'number', text: 'string', 'true or false': 'boolean' }[kind];
}

function describe(kind: Kind): string {
  if (typeof kind !== 'object') return kind;
  return `a list of ${[...new Set(kind.items.map((item) => describe(item).replace(/^an? /, '')))].join(' or ')}`;
}
