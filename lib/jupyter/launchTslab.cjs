// @ts-check
/**
 * Starts the tslab kernel, as `tslab kernel` does, with what a reader of the notebook expects of it besides.
 * Plain JavaScript, because Jupyter starts it with node alone: node launchTslab.cjs --config-path FILE
 */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const Module = require('node:module');
const vm = require('node:vm');
const { Worker } = require('node:worker_threads');
const { runCellsWell } = require('./cells.cjs');

const configPath = process.argv[process.argv.indexOf('--config-path') + 1];

endWithParent();
runCellsWell();
useChangedFiles();
allowCircularImports();
shortenStacks();
runCellsInterruptibly();
nameTags();
// These two load tslab's converter, which must see the compiler as useChangedFiles has mended it.
require('./protocol.cjs').speakProtocol();
require('tslab/dist/main.js').startKernel({ configPath, enableFindLocal: false });

/**
 * A kernel whose starter was killed would run on for ever. A thread watches, because a cell may keep the main
 * thread busy. On Windows the parent's number stays the same, so there the thread asks whether it still lives.
 * kernelProcess.ts says who it is, which may be no more by now, and leaves the folder of its connection to this kernel.
 */
function endWithParent() {
  const { NOTEBOOK_RUNNER: runner } = process.env;
  delete process.env.NOTEBOOK_RUNNER;
  const folder = runner && path.dirname(configPath);
  const watch = `
    const { parent, folder } = require('node:worker_threads').workerData;
    function isAlive() {
      try { return process.ppid === parent && process.kill(parent, 0); } catch (e) { return e.code === 'EPERM'; }
    }
    setInterval(() => {
      if (isAlive()) return;
      try { if (folder) require('node:fs').rmSync(folder, { recursive: true, force: true, maxRetries: 5 }); } catch {}
      try { process.kill(-process.pid, 'SIGKILL'); } catch {}
      process.kill(process.pid, 'SIGKILL');
    }, 500);`;
  const workerData = { parent: Number(runner) || process.ppid, folder };
  new Worker(watch, { eval: true, stdout: false, workerData }).unref();
  // The main thread, which finds its connection file gone, may end the process in the midst of that removal.
  if (!folder) return;
  process.once('exit', () => {
    try {
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    } catch {
      // as above: a process that ends has nobody to tell
    }
  });
}

/** tslab names only @param in a hover; this names the other tags as well, such as @returns, @throws and @example. */
function nameTags() {
  const inspect = require('tslab/dist/inspect.js');
  const print = inspect.printQuickInfo;
  inspect.printQuickInfo = (info) => {
    const tags = info.tags?.map((tag) =>
      tag.name === 'param' ? tag : { ...tag, text: [{ text: `@${tag.name} ` }, ...(tag.text ?? [])] },
    );
    return print({ ...info, tags });
  };
}

/**
 * A reader who edits a helper and runs a cell again sees the change. tslab reloads a changed file, but only for a
 * cell that imports it, and not the files that import it in turn, such as lib/index.ts. So a change of one file of the
 * project counts as a change of all, and before the next cell the imports of earlier cells are run again.
 */
function useChangedFiles() {
  /** @type {Set<string>} the project's files that changed since they were last run */
  const changed = new Set();
  checkOnly((file) => changed.has(file));
  const { sys } = require('@tslab/typescript-for-tslab');
  const watchFile = sys.watchFile;
  /** @type {Map<string, Function>} */
  const callbacks = new Map();
  sys.watchFile = (file, callback, ...rest) => {
    if (file.includes('/node_modules/')) return watchFile(file, callback, ...rest);
    callbacks.set(file, callback);
    // Not at once: a file that is replaced while the compiler works may be told of in the midst of that work.
    const onChange = (name, kind) => {
      setImmediate(() => {
        changed.add(file);
        callback(name, kind);
        for (const [other, notify] of callbacks) if (other !== file) notify(other, 1);
      });
    };
    const watcher = watchFile(file, onChange, ...rest);
    const close = () => {
      callbacks.delete(file);
      watcher.close();
    };
    return { close };
  };

  const tslab = require('tslab/dist/executor.js');
  const createExecutor = tslab.createExecutor;
  tslab.createExecutor = (...args) => {
    const executor = createExecutor(...args);
    const execute = executor.execute;
    /** @type {Set<string>} */
    const imports = new Set();
    executor.execute = async (source) => {
      if (changed.size > 0) for (const statement of imports) if (!(await execute(statement))) return false;
      changed.clear();
      const isDone = await execute(inTslabsForms(source));
      const own = isDone ? source.matchAll(/^import\b[^;]*?\bfrom\s*(['"])\.{1,2}\/[^'"]+\1/gm) : [];
      for (const [statement] of own) imports.add(statement);
      return isDone;
    };
    return executor;
  };
}

/**
 * Two files that import each other: tslab knows a file only after it has run, so each would start the other for
 * ever. A file that is already being run gives what it exports so far, as in Node.
 */
function allowCircularImports() {
  const compile = Module.prototype._compile;
  /** @type {Map<string, { exports: object }>} */
  const running = new Map();
  Module.prototype._compile = function (code, file, ...rest) {
    const first = running.get(file);
    if (first) {
      this.exports = first.exports;
      return undefined;
    }
    running.set(file, this);
    try {
      return compile.call(this, code, file, ...rest);
    } finally {
      running.delete(file);
    }
  };
}

/**
 * `{ X }` as `{ X: X }`: tslab finds a variable of an earlier cell in the second form only, in the first it is "not
 * defined" when the cell runs. And `const { a: x } = X` as `const { 'a': x } = X`: where X is of an earlier cell, tslab
 * takes `a` for a variable of that cell.
 * @param {string} source
 */
function inTslabsForms(source) {
  const ts = require('@tslab/typescript-for-tslab');
  const cell = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.Latest);
  let text = source;
  const visit = (node) => {
    // From the last to the first, so that earlier positions stay right.
    const children = [];
    node.forEachChild((child) => void children.push(child));
    for (const child of children.reverse()) visit(child);
    if (ts.isShorthandPropertyAssignment(node)) {
      text = `${text.slice(0, node.name.end)}: ${node.name.text}${text.slice(node.name.end)}`;
    }
    const name = ts.isBindingElement(node) && node.propertyName;
    if (name && ts.isIdentifier(name)) {
      text = `${text.slice(0, name.getStart(cell))}'${name.text}'${text.slice(name.end)}`;
    }
  };
  visit(cell);
  return text;
}

/**
 * tslab checks the types of all that a cell imports, anew for every such cell, which takes many times as long as the
 * cell itself. `npm test` has checked lib, so a cell is checked and the files that its user has just changed.
 * @param {(file: string) => boolean} isChanged
 */
function checkOnly(isChanged) {
  const ts = require('@tslab/typescript-for-tslab');
  const getPreEmitDiagnosticsOfFiles = (program, [cell, ...imported]) => {
    const files = [cell, ...imported.filter(({ fileName }) => isChanged(fileName))];
    return ts.getPreEmitDiagnosticsOfFiles(program, files);
  };
  // To emit a file the compiler checks it as well, so imported files are translated one by one, as tsx does it.
  const createWatchCompilerHost = (files, options, system, _, ...rest) => {
    keepTimersApart(system);
    const compilerOptions = { ...options, declaration: false };
    const createProgram = (...args) => {
      const program = ts.createEmitAndSemanticDiagnosticsBuilderProgram(...args);
      const emit = program.emit;
      program.emit = (source, write, ...more) => {
        const file = path.relative(process.cwd(), source.fileName);
        if (file.startsWith('__tslab__.')) return emit(source, write, ...more);
        const { outputText } = ts.transpileModule(source.text, {
          compilerOptions,
          fileName: source.fileName,
        });
        write(path.join(options.outDir, file.replace(/\.tsx?$/, '.js')), outputText);
      };
      return program;
    };
    return ts.createWatchCompilerHost(files, options, system, createProgram, ...rest);
  };
  // The compiler's own object is sealed.
  const module = require.cache[require.resolve('@tslab/typescript-for-tslab')];
  if (module) module.exports = { ...ts, getPreEmitDiagnosticsOfFiles, createWatchCompilerHost };
}

/**
 * The compiler has two timers, tslab knows of one and throws on the other, so that a package.json or a folder that
 * changes while a cell runs would end it. The other one gets a timer of Node's.
 */
function keepTimersApart(system) {
  const own = { setTimeout: system.setTimeout, clearTimeout: system.clearTimeout };
  const others = new Set();
  system.setTimeout = (callback, milliseconds) => {
    if (callback.name === 'updateProgramWithWatchStatus') return own.setTimeout(callback);
    const timer = setTimeout(callback, milliseconds).unref();
    others.add(timer);
    return timer;
  };
  system.clearTimeout = (timer) => (others.delete(timer) ? clearTimeout(timer) : own.clearTimeout(timer));
}

/**
 * Of an error's stack a reader needs which functions of the project it came through, not tslab's and Node's own, and not
 * the lines of the translated JavaScript.
 */
function shortenStacks() {
  const root = process.cwd() + path.sep;
  Error.prepareStackTrace = (error, frames) => {
    const lines = frames.map((frame) => {
      const file = frame.getFileName() ?? '';
      if (file.startsWith('evalmachine')) return '    at this cell';
      if (!file.startsWith(root) || file.includes('node_modules')) return '';
      const name = frame.getFunctionName() ?? 'a function';
      return `    at ${name} (${path.relative(root, file).replace(/\.js$/, '.ts')})`;
    });
    return [String(error), ...new Set(lines.filter(Boolean))].join('\n');
  };
}

/** Jupyter's Interrupt ends the cell and never the kernel. */
function runCellsInterruptibly() {
  const runInThisContext = vm.runInThisContext;
  vm.runInThisContext = (code, options) => {
    try {
      // Without displayErrors Node does not write the line that threw, as tslab translated it, above the message.
      return runInThisContext(code, { ...Object(options), displayErrors: false });
    } finally {
      // If a cell has added a listener for SIGINT, as a progress bar does, Node now ends the process on SIGINT: its
      // guard for endless loops has put back the system's own handling under that listener. Listening anew mends it.
      const listeners = process.rawListeners('SIGINT');
      process.removeAllListeners('SIGINT');
      for (const listener of listeners) process.on('SIGINT', /** @type {() => void} */ (listener));
    }
  };
}
