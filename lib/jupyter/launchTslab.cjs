// @ts-check
/**
 * Starts the tslab kernel, as `tslab kernel` does, with what a reader of the notebook expects of it besides.
 * Plain JavaScript, because Jupyter starts it with node alone: node launchTslab.cjs --config-path FILE
 */
'use strict';
const path = require('node:path');
const vm = require('node:vm');
const { Worker } = require('node:worker_threads');

endWithParent();
keepAllOutputs();
reloadWhatImportsAChangedFile();
shortenStacks();
process.argv = [process.argv[0], require.resolve('tslab/bin/tslab'), 'kernel', ...process.argv.slice(2)];
require('tslab/dist/main.js').main();

/**
 * A kernel whose starter was killed would run on for ever. A thread watches, because a cell may keep the main
 * thread busy. On Windows the parent's number stays the same, so there the thread asks whether it still lives.
 */
function endWithParent() {
  const watch = `
    const parent = process.ppid;
    function isAlive() {
      try { return process.ppid === parent && process.kill(parent, 0); } catch (e) { return e.code === 'EPERM'; }
    }
    setInterval(() => {
      if (isAlive()) return;
      try { process.kill(-process.pid, 'SIGKILL'); } catch {}
      process.kill(process.pid, 'SIGKILL');
    }, 500);`;
  new Worker(watch, { eval: true, stdout: false }).unref();
}

/**
 * zeromq sends about 500 messages at once and then refuses until the event loop turns, and tslab does not ask: a cell
 * that prints 1,000 lines lost half of them and never ended. Without a time-out and a limit every message is sent.
 */
function keepAllOutputs() {
  const zeromq = require('zeromq');
  class Publisher extends zeromq.Publisher {
    constructor() {
      super({ sendTimeout: 0, sendHighWaterMark: 0 });
    }
  }
  zeromq.Publisher = Publisher;
}

/**
 * tslab reloads a file that changed, but not the files that import it, such as lib/index.ts, which keep what
 * they got before. So a change of one file of the project counts as a change of all of them.
 */
function reloadWhatImportsAChangedFile() {
  const { sys } = require('@tslab/typescript-for-tslab');
  const watchFile = sys.watchFile;
  /** @type {Map<string, Function>} */
  const callbacks = new Map();
  sys.watchFile = (path, callback, ...rest) => {
    if (path.includes('/node_modules/')) return watchFile(path, callback, ...rest);
    callbacks.set(path, callback);
    const changed = (file, kind) => {
      callback(file, kind);
      for (const [other, notify] of callbacks) if (other !== file) notify(other, 1);
    };
    const watcher = watchFile(path, changed, ...rest);
    const close = () => {
      callbacks.delete(path);
      watcher.close();
    };
    return { close };
  };
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
  const runInThisContext = vm.runInThisContext;
  // Without this Node writes the line that threw, as tslab translated it, above the message.
  vm.runInThisContext = (code, options) =>
    runInThisContext(code, { ...Object(options), displayErrors: false });
}
