// VoxForge: an archive for each submission, with etc/PROMPTS of lines "name-20080101-abc/mfc/a0001 WORDS SAID", the
// recordings in wav/ or flac/, and etc/README that names the speaker. No official split.

import { filesNamed, folderOf, joined, nameOf, recordingsByStem } from "../folder.ts";
import type { CorpusFolder } from "../folder.ts";
import type { Archive, Importer } from "../importer.ts";
import { readEach, readLines } from "../lines.ts";
import { published } from "../published.ts";

/** Texts of some submissions are in it, those of most in UTF-8. */
const OLDER_ENCODING = "windows-1252";
const LISTING = "http://www.repository.voxforge1.org/downloads/SpeechCorpus/Trunk/Audio/Main/16kHz_16bit/";

export const voxforge: Importer = {
  name: "voxforge",
  description:
    "VoxForge: 130 h, English (other languages by their URL), volunteers; GPL; 10 GB in 6000 archives",
  /** A URL that ends in a slash is a page of links to archives. */
  async locate(request) {
    const { source = LISTING, ask } = request;
    if (!source.endsWith("/")) return published([])(request);
    const links = (await ask(source)).matchAll(/href\s*=\s*["']?([^"'\s>]+\.tgz)\b/gi);
    const urls = new Set([...links].map(([, link]) => new URL(link, source).href));
    return [...urls].map((url): Archive => ({
      url,
      name: decodeURIComponent(nameOf(url)).replace(/\.tgz$/i, ""),
    }));
  },
  read(folder) {
    const stems = recordingsByStem(folder);
    return readEach(filesNamed(folder, "PROMPTS"), async (prompts) => {
      const submission = folderOf(folderOf(prompts)); // above `etc`
      const speaker = await speakerOf(folder, submission);
      return readLines(
        folder,
        prompts,
        (line) => {
          const [, id, transcript] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
          if (id === undefined) return "no words";
          return { path: recordingOf(submission, nameOf(id), stems), transcript, speaker };
        },
        OLDER_ENCODING,
      );
    });
  },
};

function recordingOf(submission: string, name: string, stems: ReadonlyMap<string, string>): string {
  const found = ["wav", "flac"].map((kind) => stems.get(joined(submission, kind, name)));
  return found.find((path) => path !== undefined) ?? joined(submission, "wav", `${name}.wav`);
}

/** Anonymous speakers are taken for another one in each submission. */
async function speakerOf(folder: CorpusFolder, submission: string): Promise<string> {
  const readme = joined(submission, "etc", "README");
  const text = folder.paths.includes(readme) ? await folder.readText(readme, OLDER_ENCODING) : "";
  const name = /^\s*User Name\s*:\s*(.*\S)\s*$/im.exec(text)?.[1] ?? "anonymous";
  return /^anonymous$/i.test(name) ? nameOf(submission) || name : name;
}
