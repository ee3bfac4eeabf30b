// Open MPI's library through koffi: the few functions that ranks need. Its handles (the world, types, operations) are the
// addresses of symbols. koffi is loaded when ranks are first asked for.

import { EarshotError } from "../../../errors.ts";
import { importKoffi, type Koffi, type KoffiFunction, type KoffiLibrary } from "../koffi.ts";

/** A pointer, as koffi gives it. */
export type Address = bigint;

/** A blocking function of the library: called in a thread of koffi's, so that the event loop goes on. */
type Blocking<Parameters extends readonly unknown[]> = (...parameters: Parameters) => Promise<number>;

type Numbers = Uint8Array | Int32Array | Float32Array | Float64Array;
/** A type by its handle. */
type Typed = readonly [values: Numbers, count: number, type: Address];

export interface MpiLibrary {
  /** Handles. */
  readonly world: Address;
  readonly byte: Address;
  readonly float: Address;
  readonly double: Address;
  /** @returns an error's code, or 0; and the level of threads that is provided */
  initThread(): readonly [code: number, level: number];
  finalize(): number;
  rankOf(communicator: Address): number;
  sizeOf(communicator: Address): number;
  /** A communicator of the same ranks, whose messages do not mix with the first one's; all ranks call it. */
  duplicate(communicator: Address): readonly [code: number, copy: Address];
  /** So that failures come back as codes. */
  returnErrors(communicator: Address): void;
  errorText(code: number): string;
  /** In place. */
  readonly allReduceSum: Blocking<readonly [...values: Typed, communicator: Address]>;
  readonly allGather: Blocking<readonly [...from: Typed, ...to: Typed, communicator: Address]>;
  readonly allGatherV: Blocking<
    readonly [
      ...from: Typed,
      to: Uint8Array,
      counts: Int32Array,
      starts: Int32Array,
      type: Address,
      communicator: Address,
    ]
  >;
  readonly broadcast: Blocking<readonly [...values: Typed, root: number, communicator: Address]>;
  readonly allToAll: Blocking<readonly [...from: Typed, ...to: Typed, communicator: Address]>;
  readonly barrier: Blocking<readonly [communicator: Address]>;
  readonly send: Blocking<readonly [...values: Typed, to: number, tag: number, communicator: Address]>;
  readonly receive: Blocking<readonly [...values: Typed, from: number, tag: number, communicator: Address]>;
  /** The next message that has come, without waiting. */
  probe(tag: number, communicator: Address): readonly [code: number, next?: ArrivedMessage];
  /** Ends the process without its exit handlers, which would wait for threads that never return. */
  exitNow(code: number): void;
}

export interface ArrivedMessage {
  readonly from: number;
  readonly bytes: number;
}

/** Version 40 of the interface is that of Open MPI 4 and 5. */
const LIBRARIES = ["libmpi.so.40", "libmpi.so", "libmpi.40.dylib", "libmpi.dylib"];
/** A level of threads: any of them may call, at any time. */
export const THREAD_MULTIPLE = 3;
const LOAD_NOW = 2; // of dlopen
const IN_PLACE = 1n;
const ANY_SOURCE = -1;
/** MPI_Status of Open MPI: source, tag, error, cancelled, and the count as a size_t. */
const STATUS_BYTES = 24;
const LONGEST_ERROR = 256;
/** More than the 128 KB that koffi gives a call by default: the library moves data below its callers. */
const STACK_BYTES = 2 ** 20;

/** @throws EarshotError MPI_MISSING */
export async function loadMpi(): Promise<MpiLibrary> {
  const koffi = await importKoffi().catch((cause: unknown) => {
    throw mpiMissing(
      "The package koffi, which calls Open MPI, is not installed.",
      "npm install koffi",
      cause,
    );
  });
  if (koffi.config().async_stack_size !== STACK_BYTES) koffi.config({ async_stack_size: STACK_BYTES });
  const library = openLibrary(koffi);
  return functionsOf(koffi, library);
}

function openLibrary(koffi: Koffi): KoffiLibrary {
  const { EARSHOT_LIBMPI } = process.env;
  const names = EARSHOT_LIBMPI === undefined ? LIBRARIES : [EARSHOT_LIBMPI];
  let cause: unknown;
  for (const name of names) {
    try {
      const library = koffi.load(name, { global: true }); // its plug-ins look for its symbols
      library.symbol("ompi_mpi_comm_world");
      keepLoaded(koffi, name);
      return library;
    } catch (error) {
      cause ??= error;
    }
  }
  const what = `Open MPI's library is not there, or is another MPI's (looked for ${names.join(", ")}).`;
  throw mpiMissing(what, "apt-get install openmpi-bin libopenmpi-dev", cause);
}

/**
 * Opens it once more and never closes it: threads that called it run its destructors when they end, which is after koffi has
 * let go of it, and would run what is no longer there.
 */
function keepLoaded(koffi: Koffi, name: string): void {
  const open = koffi.load(null).func("void *dlopen(const char *name, int flags)");
  open(name, LOAD_NOW);
}

export function mpiMissing(problem: string, command: string, cause?: unknown): EarshotError {
  const remedy = `Install it on every machine (${command}), or start without mpirun and --mpi; EARSHOT_LIBMPI names the library's file.`;
  return new EarshotError({ code: "MPI_MISSING", problem, remedy }, { cause });
}

function functionsOf(koffi: Koffi, library: KoffiLibrary): MpiLibrary {
  const handle = (name: string) => koffi.address(library.symbol(`ompi_mpi_${name}`));
  const plain = (definition: string) => library.func(`int ${definition}`);
  const [byte, sum] = [handle("byte"), handle("op_sum")];
  const initThread = plain("MPI_Init_thread(void*, void*, int, _Out_ int*)");
  const probe = plain("MPI_Iprobe(int, int, void*, _Out_ int*, void*)");
  const errorString = plain("MPI_Error_string(int, void*, _Out_ int*)");
  const setErrorHandler = plain("MPI_Comm_set_errhandler(void*, void*)");
  const [commRank, commSize] = [
    plain("MPI_Comm_rank(void*, _Out_ int*)"),
    plain("MPI_Comm_size(void*, _Out_ int*)"),
  ];
  const duplicate = library.func("int MPI_Comm_dup(void*, _Out_ void**)");
  const finalize = plain("MPI_Finalize()");
  const allReduce = blocking(plain("MPI_Allreduce(intptr_t, void*, int, void*, void*, void*)"));
  const receive = blocking(plain("MPI_Recv(void*, int, void*, int, int, void*, void*)"));
  const exit = koffi.load(null).func("void _exit(int)");
  const ofCommunicator = (ask: KoffiFunction) => (communicator: Address) =>
    outInteger((out) => ask(communicator, out))[1];
  return {
    world: handle("comm_world"),
    byte,
    float: handle("float"),
    double: handle("double"),
    initThread: () => outInteger((out) => initThread(null, null, THREAD_MULTIPLE, out)),
    finalize: () => finalize(),
    rankOf: ofCommunicator(commRank),
    sizeOf: ofCommunicator(commSize),
    duplicate: (communicator) => {
      const out: [Address] = [0n];
      return [duplicate(communicator, out), out[0]];
    },
    returnErrors: (communicator) => void setErrorHandler(communicator, handle("errors_return")),
    errorText: (code) => {
      const text = new Uint8Array(LONGEST_ERROR);
      const [, length] = outInteger((out) => errorString(code, text, out));
      return new TextDecoder().decode(text.subarray(0, length));
    },
    allReduceSum: (values, count, type, communicator) =>
      allReduce(IN_PLACE, values, count, type, sum, communicator),
    allGather: blocking(plain("MPI_Allgather(void*, int, void*, void*, int, void*, void*)")),
    allGatherV: blocking(plain("MPI_Allgatherv(void*, int, void*, void*, void*, void*, void*, void*)")),
    broadcast: blocking(plain("MPI_Bcast(void*, int, void*, int, void*)")),
    allToAll: blocking(plain("MPI_Alltoall(void*, int, void*, void*, int, void*, void*)")),
    barrier: blocking(plain("MPI_Barrier(void*)")),
    send: blocking(plain("MPI_Send(void*, int, void*, int, int, void*)")),
    receive: (...parameters) => receive(...parameters, null),
    probe: (tag, communicator) => {
      const status = new Uint8Array(STATUS_BYTES);
      const [code, isThere] = outInteger((out) => probe(ANY_SOURCE, tag, communicator, out, status));
      if (code !== 0 || isThere === 0) return [code];
      const view = new DataView(status.buffer);
      return [code, { from: view.getInt32(0, true), bytes: Number(view.getBigUint64(16, true)) }];
    },
    exitNow: (code) => void exit(code),
  };
}

/** @returns an error's code, or 0; and what the function writes to its int* */
function outInteger(call: (out: [number]) => number): readonly [code: number, written: number] {
  const out: [number] = [0];
  return [call(out), out[0]];
}

/** Its arrays stay where they are while the call runs: they are held by the promise. */
function blocking<Parameters extends readonly unknown[]>(call: KoffiFunction): Blocking<Parameters> {
  return (...parameters) =>
    new Promise((resolve, reject) => {
      const done = (error: Error | null, code: number): void => {
        if (error) reject(error);
        else resolve(code);
        void parameters.length;
      };
      call.async(...parameters, done);
    });
}
