// Every engine in the driver's table passes the contract: a new row is tested without being named here.

import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/driver.node.ts";
import { openEngine } from "../../src/engine/index.ts";
import { describeEngine } from "./contract.ts";

for (const [name, open] of Object.entries(engines)) describeEngine(name, open);

describe("openEngine", () => {
  it('opens "cpu" unless told otherwise', async () => expect((await openEngine()).name).toBe("cpu"));

  const known = `Engines here: ${Object.keys(engines).join(", ")}.`;
  it.each([
    ["cpux", 'Did you mean "cpu"?'],
    ["quantum", known],
    ["constructor", known],
  ])("knows no engine %j", async (name, remedy) => {
    const opening = openEngine(name);
    await expect(opening).rejects.toMatchObject({ code: "UNKNOWN_ENGINE", where: name });
    await expect(opening).rejects.toThrow(`${name}: There is no engine of this name here. ${remedy}`);
  });
});
