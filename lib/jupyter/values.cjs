// @ts-check
/** How the kernel shows a cell's last value, and tells of an error. */
'use strict';
const util = require('node:util');

/** An object with a method of this name says itself how it is shown; Deno's kernel asks for it as well. */
const DISPLAY = Symbol.for('Jupyter.display');
/** lib/cells/display.ts leaves here how values of other types are shown. */
const DISPLAY_OF = Symbol.for('Jupyter.displayOf');

/**
 * The MIME bundle of a value: its own, that of a viewer, or its text as `console.log` prints it.
 * @returns {Promise<Record<string, unknown>>}
 */
async function bundleOf(value) {
  const own = typeof value?.[DISPLAY] === 'function' ? await value[DISPLAY]() : undefined;
  return own ?? (await globalThis[DISPLAY_OF]?.(value)) ?? { 'text/plain': util.format(value) };
}

/** An error as Jupyter sends it. Any value can be thrown. */
function describeError(error) {
  const isError = util.types.isNativeError(error);
  const isInterrupt = isError && /^Interrupted asynchronously$|interrupted by `SIGINT`/.test(error.message);
  return {
    ename: isInterrupt ? 'KeyboardInterrupt' : isError ? String(error.name) : typeof error,
    evalue: isError ? String(error.message) : util.format(error),
    traceback: util.format(error).split('\n'),
  };
}

module.exports = { bundleOf, describeError };
