// What the recognizer's door, bundled for browsers into the folder given, makes of a model and recordings, without Node's
// globals: rows and transcriptions.

import { readFileSync } from "node:fs";
import { becomeBrowser } from "../browser/become-browser.mjs";

const [, , bundle, model, ...paths] = process.argv;
const { door, end } = await becomeBrowser(bundle);
const { Recognizer } = door;
const recognizer = await Recognizer.load(new Uint8Array(readFileSync(model)), { threads: 1 });
const results = [];
for (const path of paths) {
  const bytes = new Uint8Array(readFileSync(path));
  for await (const { recording } of recognizer.logProbabilitiesAll([bytes]))
    results.push({
      rows: recording.parts.map(({ part: [{ rows }] }) => [...rows]),
      transcription: await recognizer.transcribe(bytes),
    });
}
end(results);
