import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { applyAssignments } from "../../src/apps/cli/training-input.ts";
import { trainCommand } from "../../src/report/command.ts";
import { trainingSettings } from "../../src/training/index.ts";

const defaults = trainingSettings.parse({});

describe("the command of a run", () => {
  it("names the manifests and what differs from the defaults", () => {
    const settings = trainingSettings.parse({ seed: 2, network: { width: 64 } });
    const moved = { ...settings, data: { ...settings.data, cacheDirectory: "/elsewhere" } };
    expect(trainCommand(["a.csv", "my data/b.csv"], moved, defaults)).toBe(
      "earshot train \\\n  a.csv \\\n  'my data/b.csv' \\\n  --set seed=2 \\\n  --set network.width=64",
    );
  });
  it("is the manifests alone when all is as usual", () => {
    expect(trainCommand(["a.csv"], { ...defaults }, defaults)).toBe("earshot train \\\n  a.csv");
  });
  it.skipIf(process.platform === "win32")(
    "gives a shell the settings of the run back, whatever is in them",
    () => {
      const settings = trainingSettings.parse({
        alphabet: ["a", "b", "'", " ", "$(x)", "é"],
        transcript: { unknown: "map", map: { é: "a'\"\\", "=": "" } },
        optimizer: { name: "nesterov", momentum: 0.9 },
        trainSplit: "train; rm -rf `x`",
      });
      const command = trainCommand(["it's.csv"], settings, defaults);
      const words = execFileSync("sh", ["-c", command.replace("earshot train", String.raw`printf '%s\0'`)])
        .toString()
        .split("\0")
        .slice(0, -1);
      expect(words[0]).toBe("it's.csv");
      const assignments = words.slice(1).filter((word) => word !== "--set");
      expect(trainingSettings.parse(applyAssignments({}, assignments))).toEqual(settings);
    },
  );
});
