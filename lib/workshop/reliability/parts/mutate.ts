import ts from 'typescript';

/** One small change of a source file: the source from `start` to `end` becomes `text`. */
export interface Mutant {
  line: number;
  start: number;
  end: number;
  text: string;
  /** The change as a report shows it. */
  change: string;
}

const { SyntaxKind: Kind } = ts;

/** The replacements of each operator: its neighbour at the boundary, and its opposite. */
const OPERATORS: Record<string, readonly string[]> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '==': ['!='],
  '!=': ['=='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '&': ['|'],
  '|': ['&'],
  '^': ['&'],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
  '+=': ['-='],
  '-=': ['+='],
  '*=': ['/='],
  '/=': ['*='],
  '|=': ['&='],
  '&=': ['|='],
};

/** The replacements of a called method. */
const METHODS: Record<string, string> = {
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  some: 'every',
  every: 'some',
};

/**
 * All mutants of a source file: operators, conditions, whole numbers and truth values, removed statements and
 * results. Types, texts and the wording of error messages are left alone.
 */
export function mutantsOf(source: string): Mutant[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.ES2022, true);
  const mutants: Mutant[] = [];
  const change = (node: ts.Node, text: string) => {
    const start = node.getStart(file);
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    const shown = (code: string) => code.replace(/\s+/g, ' ').slice(0, 60);
    const before = shown(source.slice(start, node.end));
    mutants.push({ line, start, end: node.end, text, change: `${before} -> ${shown(text) || 'nothing'}` });
  };
  const operator = (node: ts.Node, parts: readonly ts.Node[], at: ts.Node) => {
    for (const other of OPERATORS[at.getText(file)] ?? [])
      change(node, parts.map((part) => (part === at ? ` ${other} ` : part.getText(file))).join(''));
  };
  const condition = (node: ts.Expression, values: readonly string[]) => {
    for (const value of values) if (node.getText(file) !== value) change(node, value);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isImportDeclaration(node) || ts.isTemplateExpression(node)) return;
    if (ts.isNewExpression(node) && /Error$/.test(node.expression.getText(file))) return;
    if (ts.isBinaryExpression(node)) {
      const isText = [node.left, node.right].some(
        (side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side),
      );
      if (!isText || node.operatorToken.kind !== Kind.PlusToken)
        operator(node, [node.left, node.operatorToken, node.right], node.operatorToken);
    } else if (ts.isPostfixUnaryExpression(node)) {
      const text = node.operand.getText(file);
      change(node, text + (node.operator === Kind.PlusPlusToken ? '--' : '++'));
    } else if (ts.isPrefixUnaryExpression(node)) {
      if (node.operator === Kind.ExclamationToken || node.operator === Kind.MinusToken)
        change(node, node.operand.getText(file));
    } else if (ts.isIfStatement(node)) condition(node.expression, ['true', 'false']);
    else if (ts.isConditionalExpression(node)) condition(node.condition, ['true', 'false']);
    else if (ts.isWhileStatement(node)) condition(node.expression, ['false']);
    else if (ts.isNumericLiteral(node) && /^\d+$/.test(node.text)) change(node, `${BigInt(node.text) + 1n}`);
    else if (node.kind === Kind.TrueKeyword) change(node, 'false');
    else if (node.kind === Kind.FalseKeyword) change(node, 'true');
    else if (ts.isExpressionStatement(node) && !ts.isStringLiteral(node.expression)) change(node, ';');
    else if (ts.isThrowStatement(node) || ts.isBreakStatement(node) || ts.isContinueStatement(node))
      change(node, ';');
    else if (ts.isReturnStatement(node) && node.expression) change(node, 'return;');
    else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name } = node.expression;
      if (Object.hasOwn(METHODS, name.text)) change(name, METHODS[name.text]);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return mutants;
}
