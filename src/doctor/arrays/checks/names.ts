// Names in an export that the doctor does not know: a misspelled one would otherwise only be missed in silence.

import { nearestName } from "../../../errors.ts";
import { check, finding, type Check, type Verdict } from "../../finding.ts";
import type { BatchEvidence } from "../evidence/batch-evidence.ts";
import { KNOWN_NAMES } from "../evidence/from-arrays.ts";
import { firstFew } from "../../brief.ts";

export const unknownNames: Check<BatchEvidence> = check({
  name: "all names in the export are known",
  finds: { UNKNOWN_EVIDENCE: ["evidence", 10] },
  needs: ["unknownNames"],
  run: ({ unknownNames: names }): Verdict => {
    if (names.length === 0) return "healthy";
    const lines = names.map((name) => {
      const near = nearestName(name, KNOWN_NAMES);
      return near ? `${name}: did you mean ${near}?` : name;
    });
    return [
      finding({
        code: "UNKNOWN_EVIDENCE",
        severity: "note",
        diagnosis: "The export holds names that mean nothing to the doctor, so they were not looked at.",
        evidence: firstFew(lines),
        remedy: "Use the names listed in docs/doctor.md.",
      }),
    ];
  },
});
