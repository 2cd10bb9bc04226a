import * as v from "valibot";
import { sha256 } from "../../../files/sha256.ts";
import { host } from "../../../host/host.ts";
import { checkOptions, type OptionKinds } from "../../explore/check_options.ts";
import { text, toggle } from "../../options/option.ts";
import { SOFTWARE } from "../software.ts";
import { answerOf, askHub, HubError, type HubPlace } from "./hub_client.ts";
import { HUB_REPO } from "./hub_repo.ts";
import { hubToken } from "./hub_token.ts";
import { type HubFile, uploadLarge } from "./large_files.ts";

/** Hugging Face itself. */
const HUB = "https://huggingface.co";

/** Bytes of a file by which the server decides how it is kept. */
const SAMPLE = 512;

/** Options of {@linkcode pushToHub}. */
export interface PushOptions {
  /** The repository, `user/model`. It is made if it is not there. */
  repo: string;
  /**
   * A token with write access. It is told to nobody but the server.
   *
   * @default {that of `HF_TOKEN`, or the file that Hugging Face's own tools keep it in}
   */
  token?: string;
  /**
   * Whether nobody else may see the repository. One that is there stays as it is, and if it is public, nothing is
   * uploaded.
   *
   * @default {false}
   */
  private?: boolean;
  /**
   * What the change is called there.
   *
   * @default {"Upload a DCGAN with @x/dcgan"}
   */
  message?: string;
  /**
   * The server, `https`, or `http` on this machine.
   *
   * @default {"https://huggingface.co", or what `HF_ENDPOINT` says}
   */
  server?: string;
  /** Is told how many bytes are there, of how many. */
  progress?: (done: number, total: number) => void;
  /** Ends it once it aborts, with the signal's reason. The repository then is as it was. */
  signal?: AbortSignal;
}

/** What {@linkcode pushToHub} did. */
export interface PushResult {
  /** Address of the repository's page. */
  readonly url: string;
  /** Address of the change. */
  readonly commit: string;
}

const KINDS: OptionKinds<PushOptions> = {
  repo: HUB_REPO,
  token: text(),
  private: toggle(),
  message: text(),
  server: text(),
  progress: null,
  signal: null,
};

/**
 * Uploads files to a repository of models on Hugging Face as one change, such as those that `exportRun()` writes with
 * format `hub`. Files of other names that are there stay.
 *
 * @param paths The files. They have the same names there, without folders.
 * @throws {TypeError} if an option is unknown.
 * @throws {RangeError} if an option is not allowed, or there is no token.
 * @throws {HubError} if the server refuses, or does not answer.
 * @throws {DOMException} or the signal's own reason, if the signal aborts.
 */
export async function pushToHub(paths: readonly string[], options: PushOptions): Promise<PushResult> {
  checkOptions<PushOptions>("pushToHub()", "upload", options, KINDS, ["repo"]);
  const { repo, private: isPrivate = false, signal, progress = () => {} } = options;
  const { message = `Upload a DCGAN with ${SOFTWARE.name}` } = options;
  const server = serverOf(options.server ?? (host().env("HF_ENDPOINT") || HUB));
  const token = options.token ?? await hubToken();
  const place: HubPlace = { server, repo, token, signal };
  const files: HubFile[] = [];
  for (const path of paths) {
    const bytes = await host().readFile(path);
    files.push({ name: host().path.basename(path), bytes, sha256: await sha256([bytes]) });
  }
  signal?.throwIfAborted();
  await makeRepository(place, isPrivate);
  const large = new Set(await namesOfLarge(place, files));
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  let done = 0;
  const tell = ({ bytes }: HubFile) => progress(done += bytes.length, total);
  await uploadLarge(place, files.filter(({ name }) => large.has(name)), tell);
  const commit = await commitFiles(place, message, files, large);
  progress(total, total);
  return { url: `${server}/${repo}`, commit };
}

/** A server that a token may be sent to. */
function serverOf(server: string): string {
  const url = URL.parse(server);
  const isHere = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url?.hostname ?? "");
  if (url?.protocol === "https:" || url?.protocol === "http:" && isHere) return url.origin;
  throw new RangeError(
    `Cannot upload: "server" must be an https address, as it is sent a token, found ${
      JSON.stringify(server)
    }`,
  );
}

async function makeRepository(place: HubPlace, isPrivate: boolean): Promise<void> {
  const [organization, name] = place.repo.split("/");
  const conflict = 409;
  const response = await askHub(place, "/api/repos/create", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ type: "model", name, organization, private: isPrivate }),
    accepts: conflict,
  });
  await response.body?.cancel();
  if (response.status !== conflict || !isPrivate) return;
  const found = await askHub(place, `/api/models/${place.repo}`, {});
  const { private: isHidden } = await answerOf(place, found, v.object({ private: v.boolean() }));
  if (isHidden) return;
  throw new HubError(
    `Cannot upload to hf:${place.repo}: it must be private, found one that is public. Make it private in its settings, ` +
      "or name another one",
    found.status,
  );
}

/** The files that the server keeps in its store for large ones. */
async function namesOfLarge(place: HubPlace, files: readonly HubFile[]): Promise<string[]> {
  const response = await askHub(place, `/api/models/${place.repo}/preupload/main`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      files: files.map(({ name, bytes }) => ({
        path: name,
        size: bytes.length,
        sample: bytes.subarray(0, SAMPLE).toBase64(),
      })),
    }),
  });
  const schema = v.object({
    files: v.array(v.object({ path: v.string(), uploadMode: v.picklist(["lfs", "regular"]) })),
  });
  const answer = await answerOf(place, response, schema);
  return answer.files.filter(({ uploadMode }) => uploadMode === "lfs").map(({ path }) => path);
}

/** Makes one change of all files, and returns its address. */
async function commitFiles(
  place: HubPlace,
  message: string,
  files: readonly HubFile[],
  large: ReadonlySet<string>,
): Promise<string> {
  const lines = [
    { key: "header", value: { summary: message } },
    ...files.map(({ name: path, bytes, sha256: oid }) =>
      large.has(path)
        ? { key: "lfsFile", value: { path, algo: "sha256", oid, size: bytes.length } }
        : { key: "file", value: { path, encoding: "base64", content: bytes.toBase64() } }
    ),
  ];
  const response = await askHub(place, `/api/models/${place.repo}/commit/main`, {
    method: "POST",
    headers: { "Content-Type": "application/x-ndjson" },
    body: lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
  });
  return (await answerOf(place, response, v.object({ commitUrl: v.string() }))).commitUrl;
}
