// The machine as a browser shows it: its cores and its events. Of memory it says nothing.

/** Threads that can run at once; 1 where the browser does not say. */
export const coreCount = (): number =>
  (globalThis as { navigator?: { hardwareConcurrency?: number } }).navigator?.hardwareConcurrency ?? 1;

/** Worth keeping in memory of small files that are read again and again: each reading takes several messages to the browser. */
export const rereadBytes = (): number => 2 ** 27;

export const peakMemoryBytes = (): number | undefined => undefined;

/** Lets events that wait be handled. By a message: a timer would wait 4 ms, and a second in a hidden tab. */
export function nextTurn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}
