// `earshot serve`: models for other programs' clients, until Ctrl-C or SIGTERM.

import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import type { ComputePrecision } from "../../../model/index.ts";
import type { EarshotServer, Listening, ModelEntry, ServerOptions } from "../../server/index.ts";
import { parseSettings } from "../../../settings.ts";
import { addDecoderOptions, readDecodingPlan, type DecoderFlags } from "../decoding.ts";
import { chosenModels } from "../model-choice.ts";
import {
  collect,
  engineOption,
  examples,
  jsonOption,
  precisionOption,
  rejectionOptions,
  threadsOption,
} from "../options.ts";
import { checkRejection, type RejectionFlags } from "../recognizer.ts";
import { readCertificate } from "../serve/certificate.ts";
import { addKey, readKeys } from "../serve/keys-file.ts";
import { modelEntry } from "../serve/model-entries.ts";
import type { Session } from "../session.ts";

interface ServeOptions extends RejectionFlags, DecoderFlags {
  readonly model?: readonly string[];
  readonly engine?: string;
  readonly threads?: number;
  readonly precision?: ComputePrecision;
  readonly host: string;
  readonly port: number;
  readonly wyoming?: number;
  readonly keys?: string;
  readonly makeKey?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly cors?: readonly string[];
  readonly language: string;
  readonly watch?: true;
  readonly logTexts?: true;
  readonly set?: readonly string[];
}

export function addServe(program: Command, session: Session): void {
  const command = program
    .command("serve")
    .description("Serve models to the clients of OpenAI, Deepgram, Vosk and Home Assistant.")
    .addOption(
      new Option(
        "-m, --model <[name=]file>",
        "a model to serve: its file, or the folder of a run, under its name or under these (a,b=file); repeatable",
      ).argParser(collect),
    );
  addAccessOptions(addPortOptions(command))
    .option("--language <code>", "of the models, for clients that ask", "en")
    .option("--watch", "load a model again when its file changes; SIGHUP always does")
    .option("--log-texts", "write what was said into the log, too")
    .addOption(
      new Option(
        "--set <limit=value>",
        "a limit of docs/serving.md, such as streams=50; repeatable",
      ).argParser(collect),
    );
  for (const option of rejectionOptions()) command.addOption(option);
  addDecoderOptions(command)
    .addOption(engineOption())
    .addOption(threadsOption())
    .addOption(precisionOption())
    .addOption(jsonOption())
    .addHelpText("after", examples(...EXAMPLES))
    .action((options: ServeOptions) => serve(options, session));
}

const EXAMPLES = [
  "earshot serve -m runs/first",
  "earshot serve -m commands=home.safetensors --wyoming 10300 --host 0.0.0.0 --keys keys.txt",
  "earshot serve -m whisper-1,nova-3=model.safetensors --port 9000 --watch",
  "earshot serve --keys keys.txt --make-key kitchen",
] as const;

const addPortOptions = (command: Command): Command =>
  command
    .addOption(
      new Option("--port <n>", "for HTTP and WebSockets; 0 takes a free one")
        .argParser(parsePort)
        .default(8080),
    )
    .option("--host <address>", "where to listen; other machines reach 0.0.0.0 or ::", "127.0.0.1")
    .addOption(
      new Option("--wyoming <port>", "also for Home Assistant; 10300 is usual").argParser(parsePort),
    );

/** Who is let in, and by what. */
const addAccessOptions = (command: Command): Command =>
  command
    .option("--keys <file>", "let in only those with an API key whose hash is in the file")
    .option("--make-key <name>", "with --keys: make a key, show it once, add its hash, and end")
    .option("--tls-cert <file>", "serve https and wss with this certificate (PEM)")
    .option("--tls-key <file>", "and its private key (PEM)")
    .addOption(
      new Option("--cors <origin>", "let web pages of this origin use the server; repeatable").argParser(
        collect,
      ),
    );

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new InvalidArgumentError("It is a number from 0 to 65535.");
}

async function serve(options: ServeOptions, session: Session): Promise<void> {
  if (options.makeKey !== undefined) return addKey(options.keys, options.makeKey, session);
  const { EarshotServer, isLoopback } = await import("../../server/index.ts");
  let server: EarshotServer | undefined;
  let isAskedEarly = false;
  const reload = (): void => {
    if (session.signal.aborted) return; // it ends: nothing is loaded again, and the signal kills nobody
    if (server) void server.reload();
    else isAskedEarly = true;
  };
  process.on("SIGHUP", reload);
  try {
    server = await EarshotServer.start(await serverOptions(options, session));
    if (isAskedEarly) void server.reload("changed"); // since it was read
    if (options.watch) server.watch();
    showListening(server.listening, options, isLoopback(options.host), session);
    await untilAborted(session.signal);
  } finally {
    await server?.drain();
    process.off("SIGHUP", reload);
  }
}

async function serverOptions(options: ServeOptions, session: Session): Promise<ServerOptions> {
  const { serverLimits } = await import("../../server/index.ts");
  const { applyAssignments } = await import("../training-input.ts");
  const models = options.model?.map(modelEntry) ?? (await defaultEntries(session));
  const { engine, threads, precision, host, port, wyoming, cors, language, logTexts } = options;
  checkRejection(options);
  const rejection = options.reject === false ? (false as const) : { threshold: options.rejectThreshold };
  return {
    models,
    modelOptions: { engine, threads, precision, rejection, decoding: await readDecodingPlan(options) },
    limits: parseSettings(
      serverLimits,
      applyAssignments({}, options.set ?? []),
      "--set",
      "Correct the value; docs/serving.md lists every limit.",
    ),
    host,
    port,
    wyomingPort: wyoming,
    cors,
    language,
    logTexts,
    keys: await readKeys(options.keys),
    tls: await readCertificate(options),
    writeLog: (line) => session.output.note(line.trimEnd()),
  };
}

/** @throws EarshotError NO_DEFAULT_MODEL */
async function defaultEntries(session: Session): Promise<ModelEntry[]> {
  const { DEFAULT_MODEL } = await import("../../../model/index.ts");
  const [path] = await chosenModels(undefined, "serve", session);
  return [{ names: [DEFAULT_MODEL], path }];
}

function showListening(
  listening: Listening,
  { keys }: ServeOptions,
  isOwnMachine: boolean,
  { output }: Session,
): void {
  if (output.json) output.object({ listening });
  else {
    output.note(`Listening on ${listening.http} (Ctrl-C ends)`);
    if (listening.wyoming !== undefined) output.note(`For Home Assistant: ${listening.wyoming}`);
  }
  if (isOwnMachine) return;
  if (keys === undefined)
    output.warn({ code: "OPEN_SERVER", message: `${EVERYBODY}: give --keys FILE, or leave --host out.` });
  else if (listening.wyoming !== undefined)
    output.warn({
      code: "OPEN_SERVER",
      message: `${EVERYBODY} by Wyoming, which has no keys: let only your own network reach its port.`,
    });
}

const EVERYBODY = "Everybody who reaches this address can use the server";

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
