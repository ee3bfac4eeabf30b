// For `vi.mock` of the module of training sessions: their steps work in the thread of the test, since a learner begins a
// session for each fit, and to load a thread's modules takes longer than a small fit.

type Sessions = typeof import("../../src/training/step/session.ts");

export async function sessionsInThisThread(original: () => Promise<unknown>): Promise<object> {
  const { TrainSession } = (await original()) as Sessions;
  const open: Sessions["TrainSession"]["open"] = async (plan, state) => {
    const { startWorker } = await import("../training/memory-run.ts");
    return TrainSession.open(plan, state, startWorker);
  };
  return { TrainSession: { open } };
}
