// API keys: of each only its name and its SHA-256 are on the disk, "NAME HASH" a line, and no key is ever logged. Keys are
// long and random (`earshot serve --make-key`), so a plain digest is enough; all are compared, in the same time for each.

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { EarshotError } from "../../../errors.ts";
import { Refusal } from "../refusal.ts";

/** Whoever comes without a key, where none is needed. */
export const ANYBODY = "anybody";

export class Keys {
  readonly #hashes: readonly (readonly [name: string, hash: Buffer])[];

  /** @param hashes none: everybody is let in */
  private constructor(hashes: readonly (readonly [name: string, hash: Buffer])[]) {
    this.#hashes = hashes;
  }

  static none(): Keys {
    return new Keys([]);
  }

  /** @param text of a file of keys @throws INVALID_KEYS */
  static of(text: string, where: string): Keys {
    const lines = text.split("\n").map((line, i) => ({ line: line.trim(), number: i + 1 }));
    const hashes = lines
      .filter(({ line }) => line !== "" && !line.startsWith("#"))
      .map(({ line, number }) => {
        const [, name, hash] = /^([\w.@-]{1,100})\s+([0-9a-f]{64})$/iu.exec(line) ?? [];
        if (name === undefined) throw invalidKeys(`${where}:${number}`, "The line is no NAME and SHA-256.");
        return [name, Buffer.from(hash, "hex")] as const;
      });
    if (hashes.length === 0) throw invalidKeys(where, "The file holds no key.");
    return new Keys(hashes);
  }

  get areNeeded(): boolean {
    return this.#hashes.length > 0;
  }

  has(name: string): boolean {
    return this.#hashes.some(([known]) => known === name);
  }

  /** The name of the key. @throws Refusal unauthorized */
  nameOf(key: string | undefined): string {
    if (!this.areNeeded) return ANYBODY;
    const hash = hashOf(key ?? "");
    let found: string | undefined;
    for (const [name, known] of this.#hashes) if (timingSafeEqual(hash, known)) found = name;
    if (key !== undefined && found !== undefined) return found;
    const problem =
      key === undefined ? "No API key came with the request." : "The API key is not known here.";
    throw new Refusal("unauthorized", problem, { code: "invalid_api_key" });
  }
}

/** A new key, which is shown once, and the line that is kept of it. */
export function makeKey(name: string): { readonly key: string; readonly line: string } {
  const key = `ek-${randomBytes(24).toString("base64url")}`;
  return { key, line: `${name} ${hashOf(key).toString("hex")}\n` };
}

/** Of an Authorization header: OpenAI's "Bearer KEY", Deepgram's "Token KEY". */
export function keyOfHeader(authorization: string | undefined): string | undefined {
  return /^(?:Bearer|Token)\s+(\S{1,500})\s*$/iu.exec(authorization ?? "")?.[1];
}

const hashOf = (key: string): Buffer => createHash("sha256").update(key).digest();

function invalidKeys(where: string, problem: string): EarshotError {
  return new EarshotError({
    code: "INVALID_KEYS",
    where,
    problem,
    remedy: "Add keys with: earshot serve --keys FILE --make-key NAME.",
  });
}
