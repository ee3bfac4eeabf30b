// Which web pages may use the server: none but its own, unless they were named. WebSockets are not under a browser's rules for
// other requests, so the same is asked of them here. A page whose host only claims to be this machine (DNS rebinding) is none of
// its own; browsers send no origin with such a page's GETs, so that a server for this machine alone, which needs no keys, asks
// for a host that is this machine, too.

import { BlockList, isIP } from "node:net";
import { Refusal } from "../refusal.ts";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8);
LOOPBACK.addAddress("::1", "ipv6");

/** Whether only this machine reaches a server that listens there. */
export function isLoopback(address: string): boolean {
  if (isIP(address) === 0) return isLocalName(address);
  return LOOPBACK.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

const isLocalName = (hostname: string): boolean =>
  hostname === "localhost" || hostname.endsWith(".localhost");

export class AllowedOrigins {
  readonly #origins: ReadonlySet<string>;
  readonly #hosts: ReadonlySet<string> | undefined;
  readonly #needsKeys: boolean;

  /**
   * @param origins such as "https://example.org"; "*" for all
   * @param server where keys are needed a page of any name is its own, since none has a key that it was not given; where it is
   * local and needs none, only some hosts are taken
   */
  constructor(
    origins: readonly string[],
    { needsKeys, isLocal }: { readonly needsKeys: boolean; readonly isLocal: boolean },
  ) {
    this.#origins = new Set(origins);
    this.#needsKeys = needsKeys;
    const isOpen = needsKeys || !isLocal;
    const hosts = origins.filter((origin) => URL.canParse(origin)).map((origin) => new URL(origin).hostname);
    this.#hosts = isOpen || this.#origins.has("*") ? undefined : new Set(hosts);
  }

  /** Whether a page of this origin, other than the server's own, may read answers. */
  isNamed(origin: string): boolean {
    return this.#origins.has("*") || this.#origins.has(origin);
  }

  /** @param origin of the header, which only browsers send @throws Refusal not_allowed */
  check(origin: string | undefined, host: string | undefined): void {
    if (!this.#takesHost(host)) throw foreignHost();
    if (origin === undefined || this.isNamed(origin) || this.#isOwn(origin, host)) return;
    throw foreignOrigin();
  }

  /** @param host undefined of clients that are no browsers, such as load balancers */
  #takesHost(host: string | undefined): boolean {
    if (this.#hosts === undefined || host === undefined) return true;
    const { hostname } = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : { hostname: host };
    return isMachine(hostname) || this.#hosts.has(hostname);
  }

  #isOwn(origin: string, host: string | undefined): boolean {
    const { protocol, host: ofOrigin, hostname } = URL.canParse(origin) ? new URL(origin) : NO_URL;
    const asked = `${protocol}//${host}`;
    if (host === undefined || !URL.canParse(asked) || new URL(asked).host !== ofOrigin) return false;
    return this.#needsKeys || isMachine(hostname);
  }
}

const NO_URL = { protocol: "", host: "", hostname: "" };

/** Whether no other machine's name server says which machine this is. */
const isMachine = (hostname: string): boolean => isLocalName(hostname) || /^[\d.]+$|^\[/.test(hostname);

function foreignOrigin(): Refusal {
  return new Refusal(
    "not_allowed",
    "Pages of this origin may not use the server (--cors names those that may).",
    { code: "origin_not_allowed" },
  );
}

function foreignHost(): Refusal {
  return new Refusal(
    "not_allowed",
    "The server is asked for by a name that is not this machine's: start it with --cors https://NAME, or with --keys.",
    { code: "host_not_allowed" },
  );
}
