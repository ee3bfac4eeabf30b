// Work in a thread of its own: functions of plain data, called by name from one side and answered on the other. A
// platform's driver gives the thread; calls, answers, faults and deaths are the same for all. Knows nothing of the work.

import { EarshotError, type Fault } from "../errors.ts";

/** What a worker can be asked. */
export type Handlers = Readonly<Record<string, (...parameters: never[]) => unknown>>;

/** What a call of such a function gives its caller. */
export type CallResult<Work extends Handlers[string]> =
  Awaited<ReturnType<Work>> extends Transferred<infer Result> ? Result : Awaited<ReturnType<Work>>;

/** A thread, as a platform's driver starts it. */
export interface WorkerThread {
  post(message: unknown, transfer: readonly ArrayBuffer[]): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once when the thread ends, other than by `terminate`. */
  onDeath(listener: (cause: Error) => void): void;
  /** Whether the thread keeps the process alive. */
  keepAlive(needed: boolean): void;
  terminate(): Promise<void>;
}

export interface Request {
  readonly id: number;
  readonly name: string;
  readonly parameters: readonly unknown[];
}

export type Reply =
  { readonly id: number; readonly result: unknown } | { readonly id: number; readonly fault: Fault };

/** A thread that ended without an error of its own. */
export class ThreadExit extends Error {
  constructor(code: number) {
    super(`exit code ${code}`);
  }
}

/** The error of a call whose thread died, worded for the work that it did. */
export type DeathFault = (cause: Error) => EarshotError;

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Calls are answered in the order in which the worker finishes them. */
export class WorkerClient<Work extends Handlers> {
  readonly #thread: WorkerThread;
  readonly #pending = new Map<number, Pending>();
  readonly #deathFault: DeathFault;
  #nextId = 0;
  #dead: EarshotError | undefined;

  constructor(thread: WorkerThread, deathFault: DeathFault) {
    this.#thread = thread;
    this.#deathFault = deathFault;
    thread.onMessage((message) => this.#receive(message as Reply));
    thread.onDeath((cause) => this.#end(wordedDeath(cause, this.#deathFault(cause))));
    thread.keepAlive(false);
  }

  /** Why no call can be answered any more. */
  get dead(): EarshotError | undefined {
    return this.#dead;
  }

  /**
   * @param transfer buffers that move to the worker instead of being copied
   * @throws EarshotError of the worker's work, or of its death
   */
  call<Name extends keyof Work & string>(
    name: Name,
    parameters: Parameters<Work[Name]>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<CallResult<Work[Name]>> {
    return new Promise((resolve, reject) => {
      if (this.#dead) return reject(this.#dead);
      const id = this.#nextId++;
      this.#thread.post({ id, name, parameters } satisfies Request, transfer); // throws what cannot be copied
      this.#pending.set(id, { resolve: resolve as Pending["resolve"], reject });
      this.#thread.keepAlive(true);
    });
  }

  /** Calls under way are rejected with `reason`. */
  async close(reason: EarshotError): Promise<void> {
    this.#end(reason);
    await this.#thread.terminate();
  }

  #receive(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#thread.keepAlive(false);
    if ("fault" in reply) pending?.reject(new EarshotError(reply.fault));
    else pending?.resolve(reply.result);
  }

  #end(error: EarshotError): void {
    this.#dead ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#dead);
    this.#pending.clear();
  }
}

/** A thread that could not be started says so itself. */
const wordedDeath = (cause: Error, fault: EarshotError): EarshotError =>
  cause instanceof EarshotError ? cause : fault;

/** A result with those of its buffers that move to the caller instead of being copied. */
export class Transferred<Result = unknown> {
  readonly result: Result;
  readonly transfer: readonly ArrayBuffer[];

  constructor(result: Result, transfer: readonly ArrayBuffer[]) {
    this.result = result;
    this.transfer = transfer;
  }
}

/** The fault to answer with for an error that has no code. */
export type UnexpectedFault = (error: unknown) => Fault;

/** The worker's side: answers a request, and posts the answer. A fault is an answer too. */
export async function answer(
  handlers: Handlers,
  unexpected: UnexpectedFault,
  { id, name, parameters }: Request,
  post: (reply: Reply, transfer: readonly ArrayBuffer[]) => void,
): Promise<void> {
  try {
    const outcome = await handlers[name](...(parameters as never[]));
    if (outcome instanceof Transferred) post({ id, result: outcome.result }, outcome.transfer);
    else post({ id, result: outcome }, []);
  } catch (error) {
    post({ id, fault: faultOf(error, unexpected) }, []);
  }
}

/** The part of an error that crosses between threads. */
function faultOf(error: unknown, unexpected: UnexpectedFault): Fault {
  return error instanceof EarshotError ? error.fault : unexpected(error);
}
