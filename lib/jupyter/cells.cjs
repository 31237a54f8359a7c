// @ts-check
/** How a cell runs, where tslab's executor falls short. */
'use strict';
const util = require('node:util');
const tslab = require('tslab/dist/executor.js');
const ts = require('@tslab/typescript-for-tslab');
const { keepDefined } = require('./declarations.cjs');
const { describeError } = require('./values.cjs');

/**
 * How a cell ended: with an error, or with the value of its last expression, if it has one.
 * @typedef {{ error?: { ename: string, evalue: string, traceback: string[] }, value?: unknown }} Outcome
 * @typedef {ReturnType<typeof tslab.createExecutor> & { run(source: string): Promise<Outcome> }} Executor
 */

/** tslab reports a fault that the compiler has found in this form. */
const DIAGNOSTIC = '%s%d:%d - %s';

/**
 * tslab's executor with a method `run`, which tells how the cell ended. A cell may await wherever TypeScript lets a
 * module await, a promise as its last expression is awaited, and what a cell defines before it fails stays defined.
 */
function runCellsWell() {
  const { createExecutor } = tslab;
  tslab.createExecutor = (root, converters, _) => {
    /** @type {Outcome} */
    let outcome = {};
    const say = {
      log: (value) => {
        outcome.value = value;
      },
      error: (...parts) => {
        outcome.error = addFault(outcome.error, parts);
      },
    };
    const memory = new Memory();
    const executor = createExecutor(root, memory.attach(converters), say);
    const { execute } = executor;
    executor.execute = async (source) => {
      memory.beginCell(executor.locals);
      const isDone = await execute(source);
      memory.endCell(executor.locals, isDone);
      return isDone;
    };
    const run = async (source) => {
      outcome = {};
      await executor.execute(source);
      return outcome.error || !util.types.isPromise(outcome.value) ? outcome : await settled(outcome.value);
    };
    return Object.assign(executor, { run });
  };
}

/** The declarations of earlier cells. tslab has its own, but forgets those of a cell that fails. */
class Memory {
  /** After a cell that failed: what is declared. @type {string | undefined} */
  declared = undefined;
  /** The compiler's output for the running cell. */
  compiled = undefined;
  before = {};

  beginCell(locals) {
    this.compiled = undefined;
    this.before = { ...locals };
  }

  endCell(locals, isDone) {
    if (!this.compiled) return; // the cell has a fault that the compiler finds, and did not run
    const { previous, declOutput } = this.compiled;
    this.declared = isDone ? undefined : keepDefined(declOutput, previous, locals, this.before);
  }

  /** tslab's compilers, which are made when they are needed, and get these declarations. */
  attach(converters) {
    const attached = new WeakSet();
    const withMemory = (converter) => {
      if (attached.has(converter)) return converter;
      attached.add(converter);
      const { convert, inspect, complete } = converter;
      return Object.assign(converter, {
        convert: (known, source) => {
          const previous = this.declared ?? known;
          const result = convert(previous, source);
          if (result.diagnostics.length === 0)
            this.compiled = { previous, declOutput: result.declOutput ?? '' };
          return { ...result, hasToplevelAwait: awaitsOutsideFunctions(source) };
        },
        inspect: (known, ...rest) => inspect(this.declared ?? known, ...rest),
        complete: (known, ...rest) => complete(this.declared ?? known, ...rest),
      });
    };
    return {
      get node() {
        return withMemory(converters.node);
      },
      get browser() {
        return withMemory(converters.browser);
      },
      close: () => converters.close(),
    };
  }
}

/** True for a cell with an `await` or a `for await` that stands in no function. tslab overlooks one within another. */
function awaitsOutsideFunctions(source) {
  // As a module, where `await` may stand outside a function.
  const cell = ts.createSourceFile('cell.ts', `export {};\n${source}`, ts.ScriptTarget.Latest);
  const awaits = (node) =>
    ts.isAwaitExpression(node) ||
    (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
    (!ts.isFunctionLike(node) && ts.forEachChild(node, awaits)) ||
    false;
  return awaits(cell);
}

/** A cell's error, from what tslab would print: faults that the compiler found, one a call, or what was thrown. */
function addFault(earlier, [format, ...rest]) {
  if (format !== DIAGNOSTIC) return describeError(format);
  const traceback = [...(earlier?.traceback ?? []), util.format(format, ...rest)];
  return { ename: 'CompileError', evalue: traceback.join('\n'), traceback };
}

/** @param {Promise<unknown>} promise @returns {Promise<Outcome>} */
async function settled(promise) {
  let interrupt = () => {};
  const interrupted = new Promise((_, reject) => {
    interrupt = () => reject(new Error('Interrupted asynchronously'));
  });
  process.once('SIGINT', interrupt);
  try {
    return { value: await Promise.race([promise, interrupted]) };
  } catch (error) {
    return { error: describeError(error) };
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
}

module.exports = { runCellsWell };
