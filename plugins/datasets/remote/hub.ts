import { host } from "../../../src/host/host.ts";
import { DatasetError, type OpenRequest, type PluginOptions } from "../contract.ts";
import { openBytes } from "../formats/byte_source.ts";
import { readParquetMetadata } from "../formats/parquet/metadata.ts";
import { failure, messageOf, quote } from "../messages.ts";
import { fetchFile } from "./fetch_file.ts";

const HUB = "https://huggingface.co";

/** Most bytes of the list of a set's files: it is read as one text. */
const MOST_LIST_BYTES = 2 ** 24;

/** What to read of a dataset on the hub. */
export interface HubPart {
  /** Part of the set. */
  readonly split: string;
  /** Configuration; the first, or the one called `default`, if it is empty. */
  readonly config: string;
}

/**
 * Downloads the Parquet files of a set on the Hugging Face hub, which has made some of every public set. A
 * mirror is another server with the hub's own paths. Private or gated datasets need a token in the variable
 * `HF_TOKEN`, which mirrors do not get.
 *
 * @param name `user/name`, or `name` alone.
 * @returns The paths of the files, in order.
 * @throws {DatasetError} if there is no such set or part of it, or it cannot be downloaded.
 */
export async function fetchShards<O extends PluginOptions>(
  name: string,
  { split, config }: HubPart,
  request: OpenRequest<O>,
): Promise<string[]> {
  if (!name.split("/").every(isPlain) || name.split("/").length > 2) {
    throw new DatasetError(`A set on the hub must be named hf:user/name, found ${quote(`hf:${name}`)}`);
  }
  const servers = [...request.mirrors.map((mirror) => mirror.replace(/\/+$/, "")), HUB];
  const folder = `huggingface/${name}`;
  const token = await hubToken();
  const context = { ...request, mirrors: [], headers: hubHeaders(token) };
  const listPath = await fetchFile({
    path: `${folder}/parquet.json`,
    urls: servers.map((server) => `${server}/api/datasets/${name}/parquet`),
  }, { ...context, most: MOST_LIST_BYTES }).catch((error) => {
    // The hub does not say whether a dataset is missing or private
    if (token !== undefined || !(error instanceof DatasetError) || error.kind !== "unauthorized") throw error;
    throw new DatasetError(
      `${messageOf(error)}; check the name, or set HF_TOKEN to a token of the hub if the dataset is ` +
        "private or gated",
      { cause: error },
    );
  });
  const list = readList(await host().readTextFile(listPath), listPath);
  const configs = Object.keys(list);
  const chosen = config !== "" ? config : configs.includes("default") ? "default" : configs[0]!;
  const splits = choose(list, chosen, `The configuration of ${name}`);
  const urls = choose(splits, split, `The part of ${name} (${chosen})`);
  const paths: string[] = [];
  for (const [i, url] of urls.entries()) {
    const path = `${folder}/${chosen}/${split}/${String(i).padStart(4, "0")}.parquet`;
    const elsewhere = servers.slice(0, -1).map((server) => url.replace(HUB, server));
    paths.push(checkShard(await fetchFile({ path, urls: [...elsewhere, url] }, context)));
  }
  return paths;
}

/** The user's token for the hub, from the variable that its own tools use, if this program may read it. */
function hubToken(): string | undefined {
  return host().env("HF_TOKEN")?.trim() || undefined;
}

/** Headers with the token, for the hub only. */
export function hubHeaders(token: string | undefined): (url: string) => Readonly<Record<string, string>> {
  const none: Record<string, string> = {};
  return (url) =>
    token !== undefined && new URL(url).origin === HUB ? { Authorization: `Bearer ${token}` } : none;
}

/** The hub gives no checksums, so the format of a download is checked. */
function checkShard(path: string): string {
  try {
    using source = openBytes(path);
    readParquetMetadata(source);
    return path;
  } catch (cause) {
    // What is plainly something else says so
    const isOther = cause instanceof DatasetError && cause.kind === "other-format";
    const problem = isOther ? cause.message : `${path} is not a whole Parquet file: ${messageOf(cause)}`;
    throw new DatasetError(`${problem}; remove it to download it again`, { cause });
  }
}

type List = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Reads the hub's list: URLs by configuration and part. */
function readList(text: string, path: string): List {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (cause) {
    throw failure(`${path} must be a list of Parquet files as JSON`, cause, "; remove it");
  }
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const isGood = isObject(list) && Object.keys(list).length > 0 &&
    Object.entries(list).every(([config, splits]) =>
      isPlain(config) && isObject(splits) &&
      Object.entries(splits).every(([split, urls]) =>
        isPlain(split) && Array.isArray(urls) && urls.length > 0 &&
        urls.every((url) => typeof url === "string" && /^https?:/.test(url) && URL.canParse(url))
      )
    );
  if (isGood) return list as List;
  throw new DatasetError(
    `${path} must be a list of Parquet files by configuration and part, found ${quote(list)}; ` +
      "remove it to ask again",
  );
}

/** Whether a name can be that of a file, and nothing more. */
function isPlain(name: string): boolean {
  return /^[\w.-]+$/.test(name) && !/^\.+$/.test(name);
}

function choose<T>(values: Readonly<Record<string, T>>, name: string, what: string): T {
  if (Object.hasOwn(values, name)) return values[name]!;
  throw new DatasetError(`${what} must be one of ${Object.keys(values).join(", ")}, found ${quote(name)}`);
}
