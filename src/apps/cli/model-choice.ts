// Which model a command takes that was given none: the default one of the box, which it tells.

import { EarshotError } from "../../errors.ts";
import type { Session } from "./session.ts";

/**
 * For commands that recognize whatever comes.
 * @param given as -m names them, several being combined
 * @throws EarshotError NO_DEFAULT_MODEL
 */
export async function chosenModels(
  given: readonly string[] | undefined,
  command: string,
  { output }: Session,
): Promise<readonly string[]> {
  if (given !== undefined) return given;
  const { DEFAULT_MODEL, defaultModelPath } = await import("../../model/index.ts");
  const path = await defaultModelPath();
  if (path === undefined) throw noDefault(DEFAULT_MODEL, command);
  const { readModelCard } = await import("./model-card.ts"); // and with it the parser of YAML
  const { understands } = await readModelCard(path);
  const about = understands === undefined ? "" : ` (${understands})`;
  output.note(`without -m: ${DEFAULT_MODEL}${about}; see earshot models ${DEFAULT_MODEL}`);
  return [path];
}

const noDefault = (name: string, command: string): EarshotError =>
  new EarshotError({
    code: "NO_DEFAULT_MODEL",
    where: name,
    problem: `There is no -m, --model, and the model that ${command} takes without is not in this copy of Earshot.`,
    remedy: "Give -m FILE; or make a recognizer of your own words: earshot new --help",
  });
