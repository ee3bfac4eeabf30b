// Which processes of this machine are alive, told by their ids.

/** Our own id is a dead process's too: in a container that starts anew, ids repeat. */
export function isOtherProcess(id: number): boolean {
  if (!Number.isInteger(id) || id <= 0 || id === process.pid) return false;
  try {
    return process.kill(id, 0); // signal 0 only asks whether the process exists
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH"; // EPERM: it exists, and is someone else's
  }
}
