import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeModelFile } from "../../src/model/index.ts";
import { writeReport } from "../../src/report/index.ts";
import { checkBesideModel, settingsForCorpus } from "../../src/training/index.ts";
import { constantModel, untrainedModel } from "../model/small-model.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";
import { epochLine, makeRun, startLine, wholeLog, type MadeRun } from "./made-run.ts";
import { readHtml } from "./well-formed.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-report-"));
afterAll(() => rm(folder, { recursive: true }));

const HOSTILE = `</title><script>alert(1)</script> "'&`;
const rows = [
  ["a.wav", "a b", "ada", "train"],
  ["b.wav", "a", "ada", "dev"],
  ["c.wav", "b a a", `"<img src=x onerror=alert(1)>"`, "dev"],
  ["<b>&.wav", "ab", "", "dev"],
];
for (const [k, [name]] of rows.entries()) await writeFile(join(folder, name), waveFile(sweep(0.4 + k / 10)));
const manifest = join(folder, "manifest.csv");
await writeFile(
  manifest,
  `path,transcript,speaker,split\n${rows.map((row) => `${row.join(",")}\n`).join("")}`,
);

const whole: MadeRun = { log: wholeLog, manifests: [manifest], model: writeModelFile(constantModel("a")) };
const SECTIONS = ["curves", "layers", "confusions", "stress", "examples", "worst", "data", "repeat"];

async function pageOf(name: string, run: MadeRun, options: object = {}): Promise<string> {
  await makeRun(join(folder, name), run);
  const path = await writeReport({ directory: join(folder, name), ...options });
  expect(path).toBe(join(folder, name, "report.html"));
  return readFile(path, "utf8");
}

/** The page without tags, spaces run together. */
const textOf = (page: string): string =>
  page
    .replace(/<(script|style)>.*?<\/\1>/gs, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");

function expectWhole(page: string): void {
  const elements = readHtml(page);
  const sections = elements.filter(({ name }) => name === "section");
  expect(sections.map(({ attributes }) => attributes.get("id"))).toEqual(SECTIONS);
  const addresses = elements.flatMap(({ attributes }) => [attributes.get("src"), attributes.get("href")]);
  for (const address of addresses) expect(address ?? "data:").toMatch(/^data:/); // nothing from elsewhere
  const written = page.replaceAll(/data:[^"]*/g, ""); // which may hold any letters
  expect(/NaN|undefined|Infinity/.exec(written)?.[0]).toBeUndefined();
}

describe("the report of a run", () => {
  it("tells what became of the old skill, where the run was tested for it", async () => {
    const oldTest = {
      type: "oldTest",
      manifests: ["/old.csv"],
      split: "test",
      utterances: 7,
      after: { wer: 0.5, cer: 0.25 },
    };
    const page = (name: string, line: object) =>
      pageOf(name, { ...whole, log: [...wholeLog, line] }, { evaluate: false }).then(textOf);
    expect(await page("old", { ...oldTest, before: { wer: 0.4, cer: 0.2 } })).toContain(
      "7 utterances, split “test” of /old.csv , recognized greedily and without rejection by the model that the run began with and by the one that it led to. before after WER 40.0 % 50.0 % CER 20.0 % 25.0 %",
    );
    expect(await page("old-unknown", oldTest)).toContain("WER – 50.0 %");
    expect(await page("old-damaged", { ...oldTest, after: {} })).not.toContain("The old skill");
  });

  it("shows figures, curves, layers, confusions, utterances, data and the command", async () => {
    const progress: number[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) => progress.push(done / total);
    const page = await pageOf("whole", whole, { onProgress });
    expectWhole(page);
    expect(progress.at(-1)).toBe(1);
    const text = textOf(page);
    expect(text).toContain("Trained for all its 3 epochs.");
    expect(text).toContain("WER on dev 33.3 %");
    // The model hears "a" in everything: of "a", "b a a" and "ab", 3 of 5 words and 5 of 8 characters are wrong.
    expect(text).toContain(
      "All 3 utterances of dev, heard greedily: 3 errors in 5 words (60.0 %), 5 in 8 characters",
    );
    expect(text).toMatch(/Words said heard times of all said .*b nothing 1 100\.0 %/);
    expect(text).toContain("“dev”: 1 of its 2 speakers are known from training; 1 of 5 (20.0 %) words");
    expect(text).toContain("--set seed=7");
    const elements = readHtml(page);
    const count = (wanted: string) => elements.filter(({ name }) => name === wanted).length;
    expect({ players: count("audio"), pictures: count("image") }).toEqual({ players: 3, pictures: 3 });
    const charts = elements.filter(({ attributes }) => attributes.get("class") === "chart");
    expect(charts).toHaveLength(8);
    expect(text).toContain("3 utterances of dev, 5 words, as they are and as silence, noise");
    expect(text).toMatch(
      /room-medium: 6 × 4\.5 × 2\.7 m .*; 60\.0 % \(\+0\.0\) room-medium 60\.0 % \(\+0\.0\)/,
    );
  });

  it("names what was decided on the corpus in the command, but nothing that follows from it", async () => {
    const assignmentsOf = async (name: string, input: object) => {
      const settings = settingsForCorpus(checkBesideModel(undefined, input, "test"), []);
      const text = textOf(await pageOf(name, { ...whole, settings }, { evaluate: false }));
      const unquoted = text.replaceAll(/&[^;]*;/g, "");
      return [...unquoted.matchAll(/--set ((?:data|features|intermediate)\S+)/g)].map(
        ([, assignment]) => assignment,
      );
    };
    const augmentation = { preset: "real-world", room: { probability: 0 } };
    expect(await assignmentsOf("world", { data: { augmentation } })).toEqual([
      "data.augmentation.preset=real-world",
      "data.augmentation.room.probability=0",
    ]);
    const byUtterance = { data: { augmentation: "real-world" }, features: { normalization: "utterance" } };
    expect((await assignmentsOf("by-utterance", byUtterance))[0]).toBe("features.normalization=utterance");
    expect(await assignmentsOf("trial", {})).toEqual(["data.augmentation.preset=none"]);
    const two = { network: { recurrentLayers: 2 } };
    expect(await assignmentsOf("two-layers", two)).toEqual(["data.augmentation.preset=none"]);
    expect(await assignmentsOf("without-head", { ...two, intermediate: { heads: 0 } })).toEqual([
      "data.augmentation.preset=none",
      "intermediate.heads=0",
    ]);
  });

  it("tells the network's kind, and how far live text will be behind its sound where there is any", async () => {
    const headOf = async (name: string, network: object, features: object = {}) => {
      const page = await pageOf(name, { ...whole, settings: { network, features } }, { evaluate: false });
      return textOf(page.slice(0, page.indexOf("</header>")));
    };
    const forward = { name: "deep-speech-forward", cell: "gru", recurrentLayers: 2, width: 64, lookAhead: 6 };
    const live = await headOf("live", forward, { normalization: "causal" });
    expect(live).toContain("Parameters 1,000 deep-speech-forward, 2 × gru, width 64");
    expect(live).toContain("Live text 80 ms behind its sound"); // 6 frames ahead and 2 of a step
    expect(await headOf("by-utterance-live", forward, { normalization: "utterance" })).not.toContain(
      "Live text",
    );
    const own = await headOf("of-ones-own", { name: "of-ones-own", layers: 3 });
    expect(own).toContain("Parameters 1,000 of-ones-own, 3 × layers");
    expect(own).not.toContain("Live text");
  });

  it("holds nothing of what transcripts, paths, settings and logs say as markup", async () => {
    const warning = { type: "warning", code: "X", message: HOSTILE };
    const layers = { type: "layers", epoch: 1, layers: [{ name: HOSTILE, gradientNorm: 1, weightNorm: 1 }] };
    const page = await pageOf("<i>'hostile'&", {
      ...whole,
      log: [...wholeLog, warning, layers],
      settings: { note: HOSTILE },
    });
    expectWhole(page);
    const elements = readHtml(page).map(({ name }) => name);
    expect(elements.filter((name) => name === "script")).toHaveLength(1);
    expect(elements).not.toContain("img");
    expect(elements).not.toContain("b");
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  });

  it("is made of whatever there is: no dev split, one epoch", async () => {
    const settings = { devSplit: "validation" };
    const log = [
      startLine,
      epochLine(1, { epochs: 1, devLoss: undefined, devWer: undefined, devCer: undefined }),
    ];
    const page = await pageOf("no-dev", { ...whole, log, settings });
    expectWhole(page);
    expect(textOf(page)).toContain("no utterance of the split &quot;validation&quot;");
    expect(textOf(page)).toContain("Trained for all its 1 epochs.");
    expect(textOf(page)).toContain("no figures of its layers");
  });

  it("is made of a run that was interrupted, without evaluating when asked not to", async () => {
    const log = [...wholeLog.slice(0, 7), { type: "stop", reason: "interrupted" }];
    const page = await pageOf("interrupted", { ...whole, log }, { evaluate: false });
    expectWhole(page);
    expect(textOf(page)).toContain("Interrupted after 1 of 3 epochs.");
    expect(textOf(page)).toContain("Not listened to yet");
    expect(page).not.toContain("<audio");
  });

  it("is made of a run that has hardly begun", async () => {
    const page = await pageOf("begun", { manifests: [manifest], log: [] });
    expectWhole(page);
    expect(textOf(page)).toContain("0 of 3 epochs so far.");
    expect(textOf(page)).toContain("There is no model yet");
    await rm(join(folder, "begun", "log.jsonl"));
    expect(await writeReport({ directory: join(folder, "begun") })).toContain("begun");
  });

  it("bears figures that were not finite, and texts too long for their recordings", async () => {
    const log = wholeLog.map((line) => ({ ...line, gradientNorm: null, trainLoss: null, loss: null }));
    const long = join(folder, "long.csv");
    await writeFile(
      long,
      `path,transcript,split\na.wav,${"ab ".repeat(200)},dev\nb.wav,a,dev\nc.wav,ü,dev\n`,
    );
    const model = writeModelFile(untrainedModel());
    const page = await pageOf("broken", { log, manifests: [long], model });
    expectWhole(page);
    expect(textOf(page)).toContain("too short for its text");
    expect(textOf(page)).toContain("2 of the 3 utterances of dev");
  });

  it("says what can no longer be read", async () => {
    const moved = await pageOf("moved", { ...whole, manifests: [join(folder, "gone.csv")] });
    expectWhole(moved);
    expect(textOf(moved)).toContain("The manifests cannot be read any more.");
    const damaged = await pageOf("damaged", { ...whole, model: Uint8Array.of(1, 2, 3) });
    expectWhole(damaged);
    expect(textOf(damaged)).toContain("The dev split could not be listened to.");
  });

  it("stops when asked to, and leaves the page that was there", async () => {
    const controller = new AbortController();
    const directory = join(folder, "stopped");
    const before = await pageOf("stopped", whole, { evaluate: false });
    const stopped = new Error("stop here");
    const onProgress = () => controller.abort(stopped);
    const attempt = writeReport({ directory, signal: controller.signal, onProgress });
    await expect(attempt).rejects.toBe(stopped);
    expect(await readFile(join(directory, "report.html"), "utf8")).toBe(before);
    expect((await readdir(directory)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("needs a run", async () => {
    await expect(writeReport({ directory: folder })).rejects.toMatchObject({ code: "NOT_A_RUN" });
  });
});
