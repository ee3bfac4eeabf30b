// A data set of the Hugging Face hub, by its name "owner/name": the hub turns each into Parquet files and lists them
// (huggingface.co/docs/dataset-viewer/parquet). Unpacked (platform/node/archives/parquet.ts) it is what the hub calls an audio
// folder: recordings and a table metadata.jsonl or metadata.csv. The Parquet files may be on the disk already, in a folder as
// the hub has them (data/train-00000-of-00002.parquet). Knows nothing of Parquet.

import { EarshotError } from "../../../errors.ts";
import { z } from "../../../settings.ts";
import { splitNamed } from "../../manifests/fields.ts";
import { filesNamed } from "../folder.ts";
import type { Archive, ArchiveRequest, Importer } from "../importer.ts";
import { isUrl, published } from "../published.ts";
import { readTables } from "../tables.ts";

const VIEWER = "https://datasets-server.huggingface.co/parquet";

export const huggingFace: Importer = {
  name: "hf",
  description: "any speech data set of the Hugging Face hub, by its name: owner/name",
  archivesAmong: (paths) => paths.filter((path) => /\.parquet$/i.test(path)),
  locate: (request) =>
    request.source !== undefined && isUrl(request.source) ? published([])(request) : listParquet(request),
  read: (folder) =>
    readTables(
      folder,
      ["metadata.jsonl", "metadata.csv"].flatMap((name) =>
        filesNamed(folder, name).map((path) => ({ path, split: splitOf(path) })),
      ),
    ),
};

const listing = z.object({
  parquet_files: z.array(
    z.object({ config: z.string(), split: z.string(), url: z.string(), filename: z.string() }),
  ),
});

async function listParquet({ source, parts, ask }: ArchiveRequest): Promise<readonly Archive[]> {
  if (source === undefined || !/^[\w.-]+(?:\/[\w.-]+)?$/.test(source)) throw noDataSet(source);
  const page = `${VIEWER}?dataset=${encodeURIComponent(source)}`;
  const files = readListing(await ask(page), page);
  const configs = [...new Set(files.map(({ config }) => config))];
  const chosen = parts.length > 0 ? parts : configs.slice(0, 1);
  if (configs.length > 1 && parts.length === 0) throw severalConfigs(source, configs);
  const unknown = chosen.find((part) => !configs.includes(part));
  if (unknown !== undefined) throw unknownConfig(source, unknown, configs);
  return files
    .filter(({ config }) => chosen.includes(config))
    .map(({ config, split, url, filename }) => {
      return { url, name: `${config}/${split}/${filename.replace(/\.parquet$/, "")}` };
    });
}

function readListing(text: string, page: string): z.output<typeof listing>["parquet_files"] {
  try {
    return listing.parse(JSON.parse(text)).parquet_files;
  } catch (cause) {
    throw new EarshotError(
      {
        code: "DOWNLOAD_FAILED",
        where: page,
        problem: "The answer is no list of Parquet files.",
        remedy: "Fetch the Parquet files of the data set by other means, and give their paths.",
      },
      { cause },
    );
  }
}

/** The first part of the path that names one, such as `clean/train.360/0000/metadata.jsonl`. */
const splitOf = (path: string): string | undefined =>
  path
    .split("/")
    .map(splitNamed)
    .find((split) => split !== undefined);

const noDataSet = (source = ""): EarshotError =>
  new EarshotError({
    code: "UNKNOWN_SOURCE",
    where: source || "hf",
    problem: "It names no data set, file or folder.",
    remedy: "Give the name of a data set, such as: earshot data import hf PolyAI/minds14 --part en-US",
  });

const severalConfigs = (source: string, configs: readonly string[]): EarshotError =>
  new EarshotError({
    code: "UNKNOWN_PART",
    where: source,
    problem: "The data set has several configurations.",
    remedy: `Choose with --part among: ${configs.join(", ")}.`,
  });

const unknownConfig = (source: string, part: string, configs: readonly string[]): EarshotError =>
  new EarshotError({
    code: "UNKNOWN_PART",
    where: source,
    problem: `The data set has no configuration "${part}".`,
    remedy: `It has: ${configs.join(", ")}.`,
  });
