import { expect, it } from "vitest";
import { memoryFolder } from "../../src/platform/index.ts";
import { rewindLog } from "../../src/training/run/log.ts";

/** What is left of a log. */
async function rewound(log: string, reached: { step: number; epoch: number }): Promise<string> {
  const folder = memoryFolder();
  await folder.append("log.jsonl", log);
  await rewindLog(folder, reached);
  return new TextDecoder().decode(await folder.read("log.jsonl"));
}

it("a rewound log ends where the checkpoint does: what came after the first uncovered line goes with it", async () => {
  const kept = ['{"type":"start","step":0}', '{"type":"batch","step":1}', '{"type":"checkpoint","step":1}'];
  const dropped = ['{"type":"batch","step":2}', '{"type":"warning","code":"NOT_FINITE_GRADIENT"}', '{"type"'];
  const text = kept.map((line) => `${line}\n`).join("");
  expect(await rewound([...kept, ...dropped].join("\n"), { step: 1, epoch: 0 })).toBe(text);
  expect(await rewound(text, { step: 1, epoch: 0 })).toBe(text);
});

it("an epoch that was told but not kept is told again", async () => {
  const kept = [
    '{"type":"batch","step":3}',
    '{"type":"epoch","epoch":1,"step":3}',
    '{"type":"batch","epoch":2,"step":6}',
  ];
  const told = ['{"type":"layers","epoch":2,"step":6}', '{"type":"epoch","epoch":2,"step":6}'];
  const log = [...kept, ...told, ""].join("\n");
  expect(await rewound(log, { step: 6, epoch: 1 })).toBe(kept.map((line) => `${line}\n`).join(""));
});
