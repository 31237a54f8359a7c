// @ts-check
/** The names of a failed cell that the next cell may use. */
'use strict';
const ts = require('@tslab/typescript-for-tslab');

/**
 * The declarations after a cell that failed: of its own names those that it had given a value, of earlier cells all.
 * An earlier value that the cell would have replaced later on is put back.
 * @param {string} declared what would be declared had the cell passed
 * @param {string} previous what was declared before it
 * @param {Record<string, unknown>} locals the values of all names, which the cell begins by setting to undefined
 * @param {Record<string, unknown>} before their values before the cell
 */
function keepDefined(declared, previous, locals, before) {
  const all = declarationsOf(declared);
  const earlier = declarationsOf(previous).filter(({ isValue }) => isValue);
  const kept = all.filter(({ name, isValue }) => !isValue || locals[name] !== undefined);
  const names = new Set(kept.filter(({ isValue }) => isValue).map(({ name }) => name));
  const restored = earlier.filter(({ name }) => !names.has(name));
  for (const { name } of restored) if (name in before) locals[name] = before[name];
  return [...kept, ...restored].map(({ text }) => `${text}\n`).join('');
}

/**
 * The declarations of a file of types, one name each.
 * @param {string} text
 * @returns {{ name: string, isValue: boolean, text: string }[]}
 */
function declarationsOf(text) {
  const file = ts.createSourceFile('cell.d.ts', text, ts.ScriptTarget.Latest, true);
  return file.statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement)) {
      const { flags, declarations } = statement.declarationList;
      const keyword = flags & ts.NodeFlags.Const ? 'const' : 'let';
      return declarations.map((one) => ({
        name: one.name.getText(),
        isValue: true,
        text: `declare ${keyword} ${one.getText()};`,
      }));
    }
    if (ts.isImportDeclaration(statement)) return importsOf(statement);
    const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    return [
      {
        name: statement.name?.getText() ?? '',
        isValue: !isType && !!statement.name,
        text: statement.getText(),
      },
    ];
  });
}

function importsOf(statement) {
  const clause = statement.importClause;
  const module = statement.moduleSpecifier.getText();
  if (!clause) return [];
  const type = clause.isTypeOnly ? 'type ' : '';
  const one = (name, what, isType = clause.isTypeOnly) => ({
    name,
    isValue: !isType,
    text: `import ${type}${what} from ${module};`,
  });
  const bindings = clause.namedBindings;
  const named = !bindings
    ? []
    : ts.isNamespaceImport(bindings)
      ? [one(bindings.name.text, bindings.getText())]
      : bindings.elements.map((element) =>
          one(element.name.text, `{ ${element.getText()} }`, clause.isTypeOnly || element.isTypeOnly),
        );
  return clause.name ? [one(clause.name.text, clause.name.text), ...named] : named;
}

module.exports = { keepDefined };
