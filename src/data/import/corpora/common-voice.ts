// Mozilla's Common Voice (Ardila et al. 2020): a folder for each language with train.tsv, dev.tsv and test.tsv, whose
// speakers are disjoint, and the recordings in clips/. `client_id` is the speaker.

import { EarshotError } from "../../../errors.ts";
import { filesNamed } from "../folder.ts";
import type { Importer } from "../importer.ts";
import { published } from "../published.ts";
import { readTables } from "../tables.ts";

export const commonVoice: Importer = {
  name: "commonvoice",
  description: "Common Voice: 130 languages, read sentences; CC0; its archives need a visit to its site",
  locate: (request) => (request.source === undefined ? Promise.reject(closed()) : published([])(request)),
  read: (folder) =>
    readTables(
      folder,
      ["train", "dev", "test"].flatMap((split) =>
        filesNamed(folder, `${split}.tsv`).map((path) => ({ path, split })),
      ),
    ),
};

function closed(): EarshotError {
  return new EarshotError({
    code: "CORPUS_NOT_OPEN",
    where: "commonvoice",
    problem: "Common Voice gives its archives only to people who agree to its terms on its site.",
    remedy:
      "Fetch the archive of your language from commonvoice.mozilla.org/datasets, then: " +
      "earshot data import commonvoice cv-corpus-….tar.gz",
  });
}
