/**
 * Weights on the Hugging Face hub: `hf:user/model`, `hf:user/model@revision`, `hf:user/model/file`. What is
 * downloaded is kept in the user's folder for caches, and only read: nothing in it is run.
 *
 * @module
 */
import { DatasetError, fetchFile } from "../../../plugins/datasets/mod.ts";
import { writeFileAtomic } from "../../files/atomic_write.ts";
import { makeOwnFolder } from "../../files/own_folder.ts";
import { cacheAdvice, userCache } from "../../files/user_cache.ts";
import { host } from "../../host/host.ts";
import { dirname, join } from "../../host/paths.ts";
import { chooseFile, type HubModel, type HubName, hubName } from "./hub_names.ts";
import { askHub, HUB, hubHeaders, readModel } from "./ask_hub.ts";

/** Most bytes of a file: a DCGAN has some hundred megabytes at most. */
const MOST_BYTES = 2 ** 30;

/** How weights are fetched from the hub. */
export interface HubOptions {
  /**
   * Use only what is already downloaded, never the network.
   *
   * @default {false}
   */
  offline?: boolean | undefined;
  /**
   * The hub, or another server with its paths.
   *
   * @default {"https://huggingface.co", or what HF_ENDPOINT says}
   */
  server?: string | undefined;
  /** Receives a line about each download. */
  report?: ((message: string) => void) | undefined;
  /** Receives how far a download is. */
  progress?: Parameters<typeof fetchFile>[1]["progress"] | undefined;
  /** Ends it once it aborts; what has come is kept. */
  signal?: AbortSignal | undefined;
}

/** Weights that were fetched. */
export interface HubWeights {
  /** The file on this disk. */
  readonly path: string;
  /** What names it on the hub for good: `hf:user/model@commit/netG.safetensors`. */
  readonly name: string;
}

/** Whether a source is on the hub. */
export function isOnHub(source: string): boolean {
  return source.startsWith("hf:");
}

/**
 * Fetches the weights of a model on the hub, or takes them out of the user's cache. A branch, such as `main`,
 * is looked up each time, unless `offline` says not to; a commit only once. Sizes and, where the hub has them,
 * SHA-256 are checked. Private models need a token of the hub in `HF_TOKEN`.
 *
 * @param source `hf:user/model`, with `@revision` or `/path/of/a/file` behind it.
 * @throws {RangeError} if the name is none, or it is not clear which file has the generator.
 * @throws {Error} if there is no such model, or it cannot be downloaded, or was not yet and must not be now.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { fetchModel } from "@x/dcgan";
 *
 * const fetching = fetchModel("hf:nobody/no-model", { offline: true });
 * await assertRejects(() => fetching, Error, "it was not downloaded yet");
 * ```
 */
export async function fetchModel(source: string, options: HubOptions = {}): Promise<HubWeights> {
  const name = hubName(source);
  const cacheDir = userCache("models");
  if (cacheDir === undefined) {
    throw new Error(`Cannot download ${source}: the user's folder for caches is not known: ${cacheAdvice()}`);
  }
  const server = (options.server ?? (host().env("HF_ENDPOINT") || HUB)).replace(/\/+$/, "");
  const { commit, files } = await modelOf(source, name, server, cacheDir, options);
  const file = chooseFile(source, name, files);
  if (file.size !== undefined && file.size > MOST_BYTES) {
    throw new RangeError(
      `Cannot use ${source}: ${file.path} must have at most ${MOST_BYTES} bytes, found ${file.size}`,
    );
  }
  const { offline = false, report = () => {}, progress = () => {}, signal = new AbortController().signal } =
    options;
  const path = await fetchFile({
    path: `${name.repo}/${commit}/${file.path}`,
    urls: [`${server}/${name.repo}/resolve/${commit}/${file.path}`],
    ...(file.size === undefined ? {} : { size: file.size }),
    ...(file.sha256 === undefined ? {} : { sha256: file.sha256 }),
  }, { cacheDir, mirrors: [], offline, report, progress, signal, most: MOST_BYTES, headers: hubHeaders() })
    .catch(
      (cause) => {
        if (!(cause instanceof DatasetError)) throw cause;
        throw new Error(`Cannot use ${source}: ${cause.message}`, { cause });
      },
    );
  return { path, name: `hf:${name.repo}@${commit}/${file.path}` };
}

/** What the hub, or the user's cache, lists of a model. */
async function modelOf(
  source: string,
  { repo, revision }: HubName,
  server: string,
  cacheDir: string,
  { offline = false, signal }: HubOptions,
): Promise<HubModel> {
  const kept = join(cacheDir, ...repo.split("/"), "revisions", `${revision.replaceAll("/", "%2F")}.json`);
  // A commit has the same files for ever
  if (offline || /^[0-9a-f]{40}$/.test(revision)) {
    const text = await host().readTextFile(kept).catch((error) => {
      if (host().problemOf(error) !== "NotFound") throw error;
      return undefined;
    });
    if (text !== undefined) return readModel(text, kept);
    if (offline) {
      throw new Error(
        `Cannot use ${source}: it was not downloaded yet, and must not be now. Leave out "offline" ` +
          `(--offline), or download it before`,
      );
    }
  }
  const url = `${server}/api/models/${repo}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const model = await askHub(source, url, signal);
  await makeOwnFolder(dirname(kept), cacheDir);
  await writeFileAtomic(kept, new TextEncoder().encode(JSON.stringify(model)));
  return model;
}
