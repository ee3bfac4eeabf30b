// The machine as a browser shows it: its cores and its events. Of memory it says nothing.

/** Threads that can run at once. */
export const coreCount = (): number =>
  (globalThis as unknown as { navigator: { hardwareConcurrency: number } }).navigator.hardwareConcurrency;

export const peakMemoryBytes = (): number | undefined => undefined;

/** Lets events that wait be handled. By a message: a timer would wait 4 ms, and a second in a tab that nobody sees. */
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
