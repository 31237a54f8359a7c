/** What started this process, noted when this module is loaded: later it may already have ended. */
const shell = process.ppid;

/**
 * Calls `end` once npm, which runs this process, has ended: npm hands a SIGTERM to its shell, which dies of it without a
 * word to this process.
 * @param script the npm script that this process is; run otherwise, it is not watched
 */
export function whenNpmEnds(script: string, end: () => void): void {
  const watch = setInterval(() => {
    if (process.ppid === shell || process.env.npm_lifecycle_event !== script) return;
    clearInterval(watch);
    end();
  }, 250).unref();
}
