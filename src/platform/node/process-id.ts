// Whether a process of this machine is alive, by its id.

/** False for our own id: where a container starts anew ids repeat, so that it may be that of a process that died. */
export function isOtherProcess(id: number): boolean {
  if (!Number.isInteger(id) || id <= 0 || id === process.pid) return false;
  try {
    return process.kill(id, 0); // signal 0 only asks whether the process exists
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH"; // EPERM: it exists, and is someone else's
  }
}
