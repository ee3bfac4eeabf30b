// A command that is followed by another, such as `earshot lm build`.

import type { Command } from "commander";
import { nearestName } from "../../errors.ts";
import { examples } from "./options.ts";
import { usageFault } from "./session.ts";
import type { Session } from "./session.ts";

interface GroupText {
  readonly name: string;
  readonly description: string;
  /** As said in a sentence: "build, info or query". */
  readonly commands: string;
  readonly examples: readonly string[];
}

type Adder = (group: Command, session: Session) => void;

export function addGroup(
  program: Command,
  session: Session,
  text: GroupText,
  adders: readonly Adder[],
): void {
  const group = program
    .command(text.name)
    .description(text.description)
    .argument("[command]", text.commands)
    .addHelpText("after", examples(...text.examples))
    .allowUnknownOption() // what is wrong is the command before them
    .allowExcessArguments()
    .action((given?: string) => {
      throw missingCommand(group, text, given);
    });
  for (const add of adders) add(group, session);
}

function missingCommand(group: Command, { name, commands }: GroupText, given: string | undefined) {
  const names = group.commands.map((command) => command.name());
  const near = given && nearestName(given, names);
  const problem = given
    ? `Unknown command '${name} ${given}'.`
    : `${name} is followed by what to do: ${commands}.`;
  return usageFault(problem, near ? `Did you mean ${name} ${near}?` : `See: earshot ${name} --help`);
}
