// A round trip: what was spoken is recognized, and what nobody would understand is left out.

import type { Utterance } from "../../data/index.ts";
import { percent } from "../../figures.ts";
import type { SpeechAudit } from "../../synthesis/index.ts";
import type { Session } from "./session.ts";

/**
 * @param model what recognizes
 * @param mostErrors of its characters, as a share, that a recording may have
 */
export async function recognizingAudit(
  model: string,
  mostErrors: number,
  session: Session,
): Promise<SpeechAudit> {
  const { loadRecognizer } = await import("./recognizer.ts");
  const load = () => loadRecognizer({ model: [model], reject: false }, "greedy", "data speak", session);
  await (await load()).close(); // one that does not open is told before hours of speaking
  return async (rows) => {
    const { evaluate } = await import("../../evaluation/index.ts");
    const { errorRates } = await import("../../text/index.ts");
    const { output, signal } = session;
    const recognizer = await load();
    try {
      const utterances = rows.map((row): Utterance => ({ ...row, where: row.path }));
      const onProgress = ({ done, total }: { done: number; total: number }) =>
        output.progress(`recognizing ${done}/${total}`);
      const { pairs, failures } = await evaluate(recognizer, utterances, { signal, onProgress });
      const faults = new Map(failures.map(({ utterance, error }) => [utterance.path, error.problem]));
      for (const pair of pairs) {
        const { cer } = errorRates([pair]);
        if (cer > mostErrors)
          faults.set(pair.utterance.path, `it is recognized as "${pair.hypothesis}" (CER ${percent(cer)})`);
      }
      return rows.map(({ path }) => faults.get(path));
    } finally {
      await recognizer.close();
    }
  };
}
