// `earshot lm`: n-gram language models, built from text, described, and asked. Each command has a file of its own.

import type { Command } from "commander";
import { addGroup } from "../command-group.ts";
import type { Session } from "../session.ts";
import { addLmBuild } from "./lm-build.ts";
import { addLmInfo } from "./lm-info.ts";
import { addLmQuery } from "./lm-query.ts";

export function addLm(program: Command, session: Session): void {
  const text = {
    name: "lm",
    description: "Build, describe and ask n-gram language models.",
    commands: "build, info or query",
    examples: [
      "earshot lm build books/*.txt --order 3 --out books.lm",
      "earshot lm info books.lm",
      "earshot lm query books.lm < sentences.txt",
    ],
  };
  addGroup(program, session, text, [addLmBuild, addLmInfo, addLmQuery]);
}
