// The layout of each corpus, on folders that the test makes up: what is read, and what is listed as malformed.

import { describe, expect, it } from "vitest";
import type { CorpusFolder } from "../../../src/data/import/folder.ts";
import type { ArchiveRequest } from "../../../src/data/import/importer.ts";
import { importers } from "../../../src/data/import/importers.ts";

function importerNamed(name: string) {
  const importer = importers.find((candidate) => candidate.name === name);
  if (importer === undefined) throw new Error(`no importer ${name}`);
  return importer;
}

function folderWith(files: Record<string, string>): CorpusFolder {
  const paths = Object.keys(files).toSorted();
  return { paths, readText: (path) => Promise.resolve(files[path]) };
}

/** Rows as [path, transcript, speaker, split]. */
async function read(name: string, files: Record<string, string>) {
  const { rows, malformed, warnings } = await importerNamed(name).read(folderWith(files));
  const listed = rows.map(({ path, transcript, speaker, split }) => [path, transcript, speaker, split]);
  return { rows: listed, malformed, warnings, places: rows.map(({ where }) => where) };
}

describe("AN4", () => {
  it("pairs lists of files and of transcripts by the names in parentheses", async () => {
    const { rows, malformed, places } = await read("an4", {
      "an4/etc/an4_train.fileids": "an4_clstk/fash/an251-fash-b\nan4_clstk/fash/an253-fash-b\n",
      "an4/etc/an4_train.transcription":
        "<s> YES </s> (an251-fash-b)\n<s> GO ++COUGH++ NOW </s> (an253-fash-b)\nLOST (an254-fash-b)\nno name\n",
      "an4/etc/an4_test.fileids": "an4test_clstk/fcaw/an406-fcaw-b\n",
      "an4/etc/an4_test.transcription": "RUBOUT G M (an406-fcaw-b)\n",
      "an4/wav/an4_clstk/fash/an251-fash-b.sph": "",
      "an4/wav/an4_clstk/fash/an253-fash-b.wav": "",
    });
    expect(rows).toEqual([
      ["an4/wav/an4_clstk/fash/an251-fash-b.sph", "YES", "fash", "train"],
      ["an4/wav/an4_clstk/fash/an253-fash-b.wav", "GO NOW", "fash", "train"],
      ["an4/wav/an4test_clstk/fcaw/an406-fcaw-b.sph", "RUBOUT G M", "fcaw", "test"],
    ]);
    expect(places[1]).toBe("an4/etc/an4_train.transcription:2");
    expect(malformed).toEqual([
      "an4/etc/an4_train.transcription:3 (an254-fash-b is not in an4_train.fileids)",
      "an4/etc/an4_train.transcription:4 (no name of a recording in parentheses)",
    ]);
  });
});

describe("LibriSpeech", () => {
  it("has a list for each chapter, and splits by subset", async () => {
    const { rows, malformed } = await read("librispeech", {
      "LibriSpeech/dev-clean/84/121123/84-121123.trans.txt":
        "84-121123-0000 GO DO YOU HEAR\n84-121123-0001\n84-121123-0002 BUT IN LESS THAN FIVE MINUTES\n",
      "LibriSpeech/dev-clean/84/121123/84-121123-0000.flac": "",
      "LibriSpeech/train-clean-100/19/198/19-198.trans.txt": "19-198-0000 NORTHANGER ABBEY\n",
      "LibriSpeech/train-clean-100/19/198/19-198-0000.mp3": "",
    });
    expect(rows).toEqual([
      ["LibriSpeech/dev-clean/84/121123/84-121123-0000.flac", "GO DO YOU HEAR", "84", "dev"],
      ["LibriSpeech/dev-clean/84/121123/84-121123-0002.flac", "BUT IN LESS THAN FIVE MINUTES", "84", "dev"],
      ["LibriSpeech/train-clean-100/19/198/19-198-0000.mp3", "NORTHANGER ABBEY", "19", "train"],
    ]);
    expect(malformed).toEqual([
      "LibriSpeech/dev-clean/84/121123/84-121123.trans.txt:2 (no name of a recording and words)",
    ]);
  });

  it("knows the checksums of its archives, and fetches the parts asked for", async () => {
    const ask = () => Promise.reject(new Error("no page is asked for"));
    const { locate } = importerNamed("librispeech");
    const usual = await locate({ parts: [], ask });
    expect(usual.map(({ name }) => name)).toEqual(["dev-clean", "test-clean", "train-clean-100"]);
    const [devOther] = await locate({ parts: ["dev-other"], ask });
    expect(devOther).toMatchObject({
      url: "https://www.openslr.org/resources/12/dev-other.tar.gz",
      checksum: { algorithm: "sha256", hex: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    await expect(locate({ parts: ["dev-claen"], ask })).rejects.toMatchObject({
      code: "UNKNOWN_PART",
      remedy: 'Did you mean "dev-clean"?',
    });
  });
});

describe("Common Voice", () => {
  it("has official splits in tables, whose malformed rows are listed", async () => {
    const header = "client_id\tpath\tsentence\tup_votes";
    const { rows, warnings } = await read("commonvoice", {
      "cv-corpus-1.0/cy/train.tsv": `${header}\nab\tcommon_voice_cy_1.mp3\t"Helo, byd"\t2\nab\tshort\n`,
      "cv-corpus-1.0/cy/dev.tsv": `${header}\n`,
      "cv-corpus-1.0/cy/test.tsv": `${header}\ncd\tcommon_voice_cy_2.mp3\tBore "da"\t2\n`,
      "cv-corpus-1.0/cy/validated.tsv": `${header}\nef\tcommon_voice_cy_3.mp3\tna\t2\n`,
      "cv-corpus-1.0/cy/clips/common_voice_cy_1.mp3": "",
    });
    expect(rows).toEqual([
      ["cv-corpus-1.0/cy/clips/common_voice_cy_1.mp3", "Helo, byd", "ab", "train"],
      ["cv-corpus-1.0/cy/clips/common_voice_cy_2.mp3", 'Bore "da"', "cd", "test"],
    ]);
    expect(warnings).toEqual([
      {
        code: "MALFORMED_ROWS",
        message:
          "cv-corpus-1.0/cy/train.tsv: 1 malformed row left out: line 3 (2 columns where the header has 4).",
      },
    ]);
  });

  it("cannot be fetched without a visit to its site", async () => {
    const request: ArchiveRequest = { parts: [], ask: () => Promise.resolve("") };
    await expect(importerNamed("commonvoice").locate(request)).rejects.toMatchObject({
      code: "CORPUS_NOT_OPEN",
    });
  });
});

describe("the Free Spoken Digit Dataset", () => {
  it("tells all in names of files; the first five of each digit are the test", async () => {
    const { rows, malformed } = await read("fsdd", {
      "free-spoken-digit-dataset-master/README.md": "",
      "free-spoken-digit-dataset-master/recordings/0_george_4.wav": "",
      "free-spoken-digit-dataset-master/recordings/9_yweweler_5.wav": "",
      "free-spoken-digit-dataset-master/recordings/ten_george_5.wav": "",
    });
    expect(rows).toEqual([
      ["free-spoken-digit-dataset-master/recordings/0_george_4.wav", "zero", "george", "test"],
      ["free-spoken-digit-dataset-master/recordings/9_yweweler_5.wav", "nine", "yweweler", "train"],
    ]);
    expect(malformed).toEqual([
      "free-spoken-digit-dataset-master/recordings/ten_george_5.wav (not named {digit}_{speaker}_{index})",
    ]);
  });
});

describe("LJ Speech", () => {
  it("takes the words as spoken, where there are any, and quotes as they stand", async () => {
    const { rows, malformed } = await read("ljspeech", {
      "LJSpeech-1.1/metadata.csv":
        'LJ001-0001|He said "12 men|He said "twelve men\nLJ001-0002|So be it|\nbroken\nLJ001-0003||\n',
      "LJSpeech-1.1/wavs/LJ001-0001.wav": "",
    });
    expect(rows).toEqual([
      ["LJSpeech-1.1/wavs/LJ001-0001.wav", 'He said "twelve men', "LJ", undefined],
      ["LJSpeech-1.1/wavs/LJ001-0002.wav", "So be it", "LJ", undefined],
    ]);
    expect(malformed).toEqual([
      "LJSpeech-1.1/metadata.csv:3 (1 column where there are 3, between |)",
      "LJSpeech-1.1/metadata.csv:4 (an empty column)",
    ]);
  });
});

describe("VoxForge", () => {
  it("names speakers in a README; who is anonymous is another person in each submission", async () => {
    const { rows, malformed } = await read("voxforge", {
      "jane-20080101-abc/etc/PROMPTS": "jane-20080101-abc/mfc/a0001 AUTHOR OF THE DANGER TRAIL\na0002\n",
      "jane-20080101-abc/etc/README": "\nUser Name:jane\n\nSpeaker Characteristics:\n",
      "jane-20080101-abc/wav/a0001.wav": "",
      "anonymous-20090101-xyz/etc/PROMPTS": "*/b0004 NOT AT THIS PARTICULAR CASE\n",
      "anonymous-20090101-xyz/etc/README": "User Name:anonymous",
      "anonymous-20090101-xyz/flac/b0004.flac": "",
    });
    expect(rows).toEqual([
      [
        "anonymous-20090101-xyz/flac/b0004.flac",
        "NOT AT THIS PARTICULAR CASE",
        "anonymous-20090101-xyz",
        undefined,
      ],
      ["jane-20080101-abc/wav/a0001.wav", "AUTHOR OF THE DANGER TRAIL", "jane", undefined],
    ]);
    expect(malformed).toEqual(["jane-20080101-abc/etc/PROMPTS:2 (no words)"]);
  });

  it("is published as a page of links", async () => {
    const page =
      '<a href="?C=N">Name</a> <a href="jane-1-a.tgz">x</a><a href=\'b%20c.tgz\'>y</a><a href="jane-1-a.tgz">';
    const ask = (url: string) => Promise.resolve(url === "http://a.example/16kHz/" ? page : "");
    const archives = await importerNamed("voxforge").locate({
      source: "http://a.example/16kHz/",
      parts: [],
      ask,
    });
    expect(archives).toEqual([
      { url: "http://a.example/16kHz/jane-1-a.tgz", name: "jane-1-a" },
      { url: "http://a.example/16kHz/b%20c.tgz", name: "b c" },
    ]);
  });
});

describe("a data set of the Hugging Face hub", () => {
  const files = [
    ["en", "train", "0000.parquet"],
    ["en", "train", "0001.parquet"],
    ["cy", "test", "0000.parquet"],
  ].map(([config, split, filename]) => {
    return {
      dataset: "a/b",
      config,
      split,
      filename,
      size: 1,
      url: `https://hub.example/${config}/${split}/${filename}`,
    };
  });
  const asked: string[] = [];
  const ask = (url: string) => {
    asked.push(url);
    return Promise.resolve(JSON.stringify({ parquet_files: files, pending: [], failed: [] }));
  };
  const { locate } = importerNamed("hf");

  it("is found by its name and configuration", async () => {
    const archives = await locate({ source: "a/b", parts: ["en"], ask });
    expect(asked).toEqual(["https://datasets-server.huggingface.co/parquet?dataset=a%2Fb"]);
    expect(archives).toEqual([
      { url: "https://hub.example/en/train/0000.parquet", name: "en/train/0000" },
      { url: "https://hub.example/en/train/0001.parquet", name: "en/train/0001" },
    ]);
  });

  it("asks which of several configurations is meant", async () => {
    await expect(locate({ source: "a/b", parts: [], ask })).rejects.toMatchObject({
      code: "UNKNOWN_PART",
      remedy: "Choose with --part among: en, cy.",
    });
    await expect(locate({ source: "a/b", parts: ["de"], ask })).rejects.toMatchObject({
      remedy: "It has: en, cy.",
    });
    await expect(locate({ parts: [], ask })).rejects.toMatchObject({ code: "UNKNOWN_SOURCE" });
    const page = () => Promise.resolve("<html>");
    await expect(locate({ source: "a/b", parts: [], ask: page })).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
    });
  });

  it("is read as audio folders, whose path tells the split", async () => {
    const { rows } = await read("hf", {
      "en/train/0000/metadata.jsonl":
        '{"sentence":"Yes, sir","speaker_id":7,"file_name":"audio/000000-yes.wav"}\n{"sentence":"gone","file_name":""}\n',
      "en/validation/0000/metadata.jsonl": '{"text":"no","file_name":"audio/0.wav"}\n',
      "loose/metadata.csv": "file_name,transcription\na.mp3,perhaps\n",
    });
    expect(rows).toEqual([
      ["en/train/0000/audio/000000-yes.wav", "Yes, sir", "7", "train"],
      ["en/validation/0000/audio/0.wav", "no", "", "dev"],
      ["loose/a.mp3", "perhaps", "", undefined],
    ]);
  });
});
