// The body of a request, held whole under the limits: of its own size, and of all bodies that are held at once.

import { Refusal } from "../refusal.ts";
import type { ServerContext } from "../server-context.ts";
import { MEGABYTE } from "../settings.ts";

export interface HeldBody {
  readonly bytes: Buffer;
  /** To be called when the bytes are not needed any more. */
  release(): void;
}

/** @throws Refusal too_large, too_many */
export async function holdBody(request: Request, { limits, admission }: ServerContext): Promise<HeldBody> {
  const most = limits.uploadMegabytes * MEGABYTE;
  if (Number(request.headers.get("content-length") ?? 0) > most) throw tooLarge(limits.uploadMegabytes);
  const releases: (() => void)[] = [];
  const release = (): void => releases.splice(0).forEach((each) => each());
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > most) throw tooLarge(limits.uploadMegabytes);
      releases.push(admission.admitBytes(chunk.length));
      chunks.push(chunk);
    }
  } catch (error) {
    release();
    throw error instanceof Refusal ? error : broken();
  }
  return { bytes: Buffer.concat(chunks, size), release };
}

function tooLarge(megabytes: number): Refusal {
  return new Refusal("too_large", `The body of a request is at most ${megabytes} MB.`, {
    code: "request_too_large",
  });
}

const broken = (): Refusal =>
  new Refusal("bad_request", "The upload was cut off before its end.", { code: "incomplete_body" });
