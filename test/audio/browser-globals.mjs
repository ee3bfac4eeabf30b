// A stand-in for a browser, in a process of its own: takes Node's globals away before the room of audio, bundled for
// browsers, is loaded from the folder given; prints what it makes of each recording given.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

const node = process;
const [, , bundle, ...paths] = node.argv;

/** A file of the bundle as a server would give it; the bundle asks for .wasm files only. */
function served(url) {
  const bytes = readFileSync(join(bundle, "assets", basename(url)));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
}

globalThis.window = globalThis;
globalThis.Worker = Object; // looked at, never started
globalThis.fetch = (url) => Promise.resolve({ ok: true, arrayBuffer: () => Promise.resolve(served(url)) });
delete WebAssembly.instantiateStreaming; // Node's needs Node's globals
delete globalThis.process;
delete globalThis.Buffer;

const { computeFeatures, decodeAudio, detectVoice, featureSettings } = await import(
  pathToFileURL(join(bundle, "audio.mjs")).href
);
const heard = {};
for (const path of paths) {
  const { samples } = await decodeAudio(new Uint8Array(readFileSync(path)), path);
  const { data } = computeFeatures(samples, featureSettings.parse({}));
  const digest = createHash("sha256").update(new Uint8Array(data.buffer)).digest("hex");
  heard[basename(path)] = { digest, voice: await detectVoice(samples) };
}
// Ended outright: left to itself, Node has been seen to wait forever for a compiler thread of its own.
node.stdout.write(JSON.stringify(heard), () => node.exit());
