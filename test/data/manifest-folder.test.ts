import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { findRecordings, readManifests } from "../../src/data/index.ts";
import { temporaryFolder } from "./recordings.ts";

const root = temporaryFolder();

/** A folder with these files; its name is the first folder's below the root. */
function folderOf(name: string, files: Record<string, string | Uint8Array>): string {
  for (const [file, content] of Object.entries(files)) {
    const path = join(root, name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return join(root, name);
}

describe("a folder of recordings with a text beside each", () => {
  it("is a manifest whose sub-folders tell the split", async () => {
    const folder = folderOf("speech", {
      "b.wav": "",
      "b.txt": " two\nlines\r\n",
      "a.FLAC": "",
      "a.txt": "\ufeffone",
      "dev-clean/x/c.mp3": "",
      "dev-clean/x/c.TXT": "three",
      "test/train/d.wav": "",
      "test/train/d.txt": "",
      "README.txt": Buffer.from("caf\xe9", "latin1"),
    });
    const { utterances, warnings } = await readManifests([folder]);
    expect(warnings).toEqual([]);
    expect(utterances).toEqual([
      {
        path: join(folder, "a.FLAC"),
        transcript: "one",
        speaker: "",
        split: "train",
        where: join(folder, "a.txt"),
      },
      {
        path: join(folder, "b.wav"),
        transcript: "two lines",
        speaker: "",
        split: "train",
        where: join(folder, "b.txt"),
      },
      {
        path: join(folder, "dev-clean/x/c.mp3"),
        transcript: "three",
        speaker: "",
        split: "dev",
        where: join(folder, "dev-clean/x/c.TXT"),
      },
      {
        path: join(folder, "test/train/d.wav"),
        transcript: "",
        speaker: "",
        split: "test",
        where: join(folder, "test/train/d.txt"),
      },
    ]);
  });

  it("tells the split by its own name when no sub-folder does", async () => {
    const folder = folderOf("corpus/test", { "a.wav": "", "a.txt": "yes" });
    expect((await readManifests([`${folder}/`])).utterances[0].split).toBe("test");
  });

  it("of LibriSpeech has lists of transcripts and speakers", async () => {
    const folder = folderOf("LibriSpeech", {
      "train-clean-100/19/198/19-198-0000.flac": "",
      "train-clean-100/19/198/19-198-0001.flac": "",
      "train-clean-100/19/198/19-198.trans.txt":
        "19-198-0000 NORTHANGER ABBEY\n19-198-0001 THIS LITTLE WORK\n",
    });
    const { utterances } = await readManifests([folder]);
    expect(utterances.map(({ transcript, speaker, split }) => [transcript, speaker, split])).toEqual([
      ["NORTHANGER ABBEY", "19", "train"],
      ["THIS LITTLE WORK", "19", "train"],
    ]);
    expect(utterances[1].where).toBe(join(folder, "train-clean-100/19/198/19-198.trans.txt:2"));
  });

  it("of LibriSpeech lists the lines that have no recording and goes on with the rest", async () => {
    const folder = folderOf("LibriSpeech-cut", {
      "dev-clean/8/1/8-1-0000.flac": "",
      "dev-clean/8/1/8-1-0003.flac": "",
      "dev-clean/8/1/8-1.trans.txt": "8-1-0000 YES\n\n8-1-0001 NO\nshort\n8-1-0003\n",
    });
    const { utterances, warnings } = await readManifests([folder]);
    expect(utterances.map(({ transcript }) => transcript)).toEqual(["YES", ""]);
    const list = join("dev-clean/8/1/8-1.trans.txt");
    expect(warnings).toEqual([
      {
        code: "MALFORMED_ROWS",
        message: `${folder}: 2 malformed rows left out: ${list}:3 (no recording 8-1-0001), ${list}:4 (no recording short).`,
      },
    ]);
  });

  it("speaks of a single recording without text", async () => {
    const folder = folderOf("gap", { "a.wav": "", "a.txt": "yes", "b.wav": "" });
    expect((await readManifests([folder])).warnings[0].message).toBe(
      `${folder}: 1 recording left out that has no transcript in a .txt file (UTF-8) beside it: b.wav.`,
    );
  });

  it("follows the byte order mark of a text, and names the line and byte of one that is not UTF-8", async () => {
    const utf16 = Buffer.from("\ufeffêtre", "utf16le");
    const marked = folderOf("marked", { "a.wav": "", "a.txt": utf16, "._b.wav": "" });
    expect((await readManifests([marked])).utterances).toMatchObject([{ transcript: "être" }]);
    const latin = Buffer.from("one\ncaf\xe9\n", "latin1");
    const names = ["a.txt", "a.trans.txt"];
    for (const [index, name] of names.entries()) {
      const folder = folderOf(`latin${index}`, { "a.wav": "", [name]: latin });
      await expect(readManifests([folder])).rejects.toMatchObject({
        code: "UNREADABLE_TEXT",
        where: `${join(folder, name)}:2`,
        problem: expect.stringContaining("Byte 8 (0xE9)") as string,
      });
    }
  });

  it("without any text is a fault that says what to write, or names the manifest inside", async () => {
    const folder = folderOf("mute", { "clips/a.wav": "", "README.txt": "read me" });
    await expect(readManifests([folder])).rejects.toMatchObject({
      code: "NO_TRANSCRIPTS",
      where: folder,
      problem: "The folder holds recordings, but no transcript beside any of them.",
      remedy: `Write what is said in ${join("clips", "a.wav")} into ${join("clips", "a.txt")}.`,
    });
    folderOf("mute", { "all.csv": "" });
    await expect(readManifests([folder])).rejects.toMatchObject({
      remedy: `Did you mean "${join(folder, "all.csv")}"?`,
    });
  });

  it("holds recordings of every format that can be read, by the usual names", async () => {
    const names = "a.wav b.w64 c.flac d.mp3 e.ogg f.oga g.opus h.m4a i.aac j.webm k.sph".split(" ");
    const others = ["l.mp4", "m.pdf", "n"];
    const folder = folderOf("formats", Object.fromEntries([...names, ...others].map((name) => [name, ""])));
    expect(await findRecordings(folder)).toEqual(names);
  });

  it("without any recording is a fault", async () => {
    const folder = folderOf("empty", { "a.txt": "yes", "a.wav/b.txt": "a folder is no recording" });
    await expect(readManifests([folder])).rejects.toMatchObject({
      code: "NO_RECORDINGS",
      remedy: "Name another folder, or name the files themselves: their content is what counts.",
    });
    await expect(findRecordings(folder)).rejects.toMatchObject({ code: "NO_RECORDINGS" });
  });
});

describe("several manifests", () => {
  it("may each have a format of its own", async () => {
    const folder = folderOf("mixed", {
      "train.csv": "wav_filename,wav_filesize,transcript\na.wav,44,one\n",
      "dev.json": '{"audio_filepath": "b.wav", "text": "two"}\n',
      "test/c.wav": "",
      "test/c.txt": "three",
    });
    const paths = ["train.csv", "dev.json", "test"].map((name) => join(folder, name));
    const { utterances } = await readManifests(paths);
    expect(utterances.map(({ path, transcript, split }) => [path, transcript, split])).toEqual([
      [join(folder, "a.wav"), "one", "train"],
      [join(folder, "b.wav"), "two", "dev"],
      [join(folder, "test/c.wav"), "three", "test"],
    ]);
  });
});
