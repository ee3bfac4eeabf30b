// A port of this machine, taken; and what may keep it from being taken, with a way out of each.

import type { AddressInfo, Server } from "node:net";
import { EarshotError } from "../../errors.ts";
import { isSystemError } from "../../platform/index.ts";

/** @returns the port @throws EarshotError CANNOT_LISTEN */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(isSystemError(error) ? cannotListen(error, port, host) : error));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

export const hostInUrl = (host: string): string => (host.includes(":") ? `[${host}]` : host);

const NO_HOST = [
  "No name server knows this host.",
  "Give --host an address of this machine, such as 127.0.0.1 or 0.0.0.0.",
] as const;

/** By the code of the system. */
const FAULTS: Readonly<Record<string, readonly [problem: string, remedy: string]>> = {
  EADDRINUSE: [
    "Another program listens there already.",
    "Take another port (--port, --wyoming; 0 takes a free one), or end that program.",
  ],
  EACCES: [
    "This user may not take this port.",
    "Take a port from 1024 on (--port, --wyoming), or let a proxy have the other.",
  ],
  EADDRNOTAVAIL: [
    "This machine has no such address.",
    "Give --host one that it has; 0.0.0.0 and :: stand for all of them.",
  ],
  ENOTFOUND: NO_HOST,
  EAI_AGAIN: NO_HOST,
};

function cannotListen(cause: Error & { readonly code: string }, port: number, host: string): EarshotError {
  const [problem, remedy] = FAULTS[cause.code] ?? [
    `${cause.message}.`,
    "Take another port (--port, --wyoming) or --host.",
  ];
  return new EarshotError(
    { code: "CANNOT_LISTEN", where: `${hostInUrl(host)}:${port}`, problem, remedy },
    { cause },
  );
}
