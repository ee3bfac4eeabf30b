// `earshot lm`: n-gram language models, built from text, described, and asked. Each command has a file of its own.

import type { Command } from "commander";
import { nearestName } from "../../../errors.ts";
import { examples } from "../options.ts";
import { usageFault } from "../session.ts";
import type { Session } from "../session.ts";
import { addLmBuild } from "./lm-build.ts";
import { addLmInfo } from "./lm-info.ts";
import { addLmQuery } from "./lm-query.ts";

export function addLm(program: Command, session: Session): void {
  const lm = program
    .command("lm")
    .description("Build, describe and ask n-gram language models.")
    .argument("[command]", "build, info or query")
    .addHelpText(
      "after",
      examples(
        "earshot lm build books/*.txt --order 3 --out books.lm",
        "earshot lm info books.lm",
        "earshot lm query books.lm < sentences.txt",
      ),
    )
    .allowUnknownOption() // what is wrong is the command before them
    .allowExcessArguments()
    .action((given?: string) => {
      throw missingCommand(given, lm);
    });
  for (const add of [addLmBuild, addLmInfo, addLmQuery]) add(lm, session);
}

function missingCommand(given: string | undefined, { commands }: Command) {
  const near =
    given &&
    nearestName(
      given,
      commands.map((command) => command.name()),
    );
  const problem = given
    ? `Unknown command 'lm ${given}'.`
    : "lm is followed by what to do: build, info or query.";
  return usageFault(problem, near ? `Did you mean lm ${near}?` : "See: earshot lm --help");
}
