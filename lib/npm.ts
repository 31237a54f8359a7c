/** The process that started this one, noted when this module is loaded, because it may end later. */
const shell = process.ppid;

/**
 * Calls `end` once the npm that runs this process has ended. npm hands a SIGTERM to its shell, and the shell dies of it
 * without telling this process.
 * @param script the npm script of this process; a process that was started otherwise is not watched
 */
export function whenNpmEnds(script: string, end: () => void): void {
  const watch = setInterval(() => {
    if (process.ppid === shell || process.env.npm_lifecycle_event !== script) return;
    clearInterval(watch);
    end();
  }, 250).unref();
}
