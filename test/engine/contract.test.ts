// Every engine in the driver's table passes the contract: a new row is tested without being named here. An engine that
// this machine lacks must say so by name; its contract is then skipped.

import { describe, expect, it } from "vitest";
import * as browser from "../../src/engine/browser/driver.ts";
import { engines } from "../../src/engine/node/driver.ts";
import { absence } from "./absence.ts";
import { describeEngine } from "./contract.ts";

const all = [...Object.entries(engines), ...Object.entries(browser.engines)];
for (const [name, open] of all) {
  const absent = await absence(open);
  if (!absent) describeEngine(name, open);
  else {
    describe(`the engine "${name}"`, () => {
      it("says what it needs, being absent here, and names another", () => {
        expect(absent.where).toBe(name);
        expect(absent.message).toMatch(/^\w+: This machine cannot run the engine: .+ (It needs|Use) .+\.$/);
        expect(absent.remedy).toMatch(/the engine "(cpu|wasm)"/);
      });
      it.skip(`keeps the contract (absent here: ${absent.problem})`, () => undefined);
    });
  }
}
