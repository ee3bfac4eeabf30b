// A folder of recordings as the lesson: what is counted of it, what is refused, and that one's own words survive it.

import { beforeEach, describe, expect, it, vi } from "vitest";
import { memoryFolder } from "../../../src/platform/index.ts";

interface Row {
  path: string;
  transcript: string;
  split: string;
}
const there = vi.hoisted(() => ({ folders: new Map<string, unknown>(), utterances: [] as Row[] }));
function folderAt(path: string) {
  if (!there.folders.has(path)) there.folders.set(path, memoryFolder());
  return there.folders.get(path) as ReturnType<typeof memoryFolder>;
}
vi.mock("../../../src/apps/page/earshot.ts", () => ({
  loadEarshot: () =>
    Promise.resolve({
      openFolder: folderAt,
      loadTraining: () =>
        Promise.resolve({ readManifests: () => Promise.resolve({ utterances: there.utterances }) }),
    }),
}));
vi.mock("../../../src/apps/page/served.ts", () => ({ shippedModelName: () => "model" }));

// The page has a TypeScript configuration of its own (JSX, DOM): no import that this one's would follow.
const folder: string = "../../../src/apps/page/teach/";
const { TeachSessions } = await import(`${folder}sessions.ts`);
const { countLearned, textsOf, trialTexts } = await import(`${folder}lesson.ts`);

const IMPORTED = "/earshot-page/lesson/imported";
const file = (name: string) =>
  Object.defineProperty(new File(["x"], name), "webkitRelativePath", { value: `set/${name}` });
const rows = (count: number, split = "train"): Row[] =>
  Array.from({ length: count }, (_, i) => ({ path: `${IMPORTED}/${i}.wav`, transcript: `text ${i}`, split }));
const files = (count: number) =>
  [...Array.from({ length: count }, (_, i) => `${i}.wav`), "manifest.csv"].map(file);

describe("a folder as the lesson", () => {
  beforeEach(() => there.folders.clear());

  it("is counted by its texts and by what is learned from, however many", async () => {
    there.utterances = [...rows(60), { path: `${IMPORTED}/0.wav`, transcript: "text 0", split: "test" }];
    const sessions = new TeachSessions();
    await sessions.takeFolder(files(60), () => undefined);
    const { lesson } = sessions.lesson;
    expect([countLearned(lesson), textsOf(lesson).length, trialTexts(lesson).length]).toEqual([60, 60, 60]);
  });

  it("leaves one's own words as they were, and nothing behind when it is left", async () => {
    there.utterances = rows(3);
    const sessions = new TeachSessions();
    await sessions.lesson.change({ words: ["tea", "milk"] });
    await sessions.takeFolder(files(3), () => undefined);
    expect((await folderAt(IMPORTED).list()).length).toBeGreaterThan(0);
    await sessions.leaveFolder();
    expect(sessions.lesson.lesson).toMatchObject({ words: ["tea", "milk"], imported: undefined });
    expect(await folderAt(IMPORTED).list()).toEqual([]);
  });

  it.each([
    ["without a file", [], [], "folderIsEmpty"],
    ["that lacks a recording of its manifest", rows(3), files(2), "folderLacks"],
    ["with nothing to learn from", rows(3, "test"), files(3), "folderTeachesNothing"],
  ] as const)("is refused %s", async (_, utterances, chosen, says) => {
    there.utterances = [...utterances];
    const sessions = new TeachSessions();
    await expect(sessions.takeFolder([...chosen], () => undefined)).rejects.toMatchObject({ says });
    expect(sessions.lesson.lesson.imported).toBeUndefined();
  });
});
