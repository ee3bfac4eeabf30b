// What the room of audio, bundled for browsers into the folder given, makes of each recording given, without Node's globals.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { becomeBrowser } from "../browser/become-browser.mjs";

const [, , bundle, ...paths] = process.argv;
const { door, end } = await becomeBrowser(bundle);
const { computeFeatures, decodeAudio, detectVoice, featureSettings } = door;
const results = {};
for (const path of paths) {
  const { samples } = await decodeAudio(new Uint8Array(readFileSync(path)), path);
  const { data } = computeFeatures(samples, featureSettings.parse({}));
  const digest = createHash("sha256").update(new Uint8Array(data.buffer)).digest("hex");
  results[basename(path)] = { digest, voice: await detectVoice(samples) };
}
end(results);
