/** A file of a model on the hub. */
export interface HubFile {
  /** Its path in the repository. */
  readonly path: string;
  /** Its bytes, if the hub says. */
  readonly size?: number | undefined;
  /** Its SHA-256, if the hub says. */
  readonly sha256?: string | undefined;
}

/** A model as the hub lists it. */
export interface HubModel {
  /** Its commit. */
  readonly commit: string;
  /** Its files. */
  readonly files: readonly HubFile[];
}

/** What `hf:` names. */
export interface HubName {
  /** `user/model`. */
  readonly repo: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
  /** A file, if one is named. */
  readonly file: string | undefined;
}

/** Files that may hold weights, best first. */
const ENDINGS: readonly string[] = [".safetensors", ".pth", ".pt", ".bin", ".ckpt"];

/**
 * Reads `hf:user/model[@revision][/file]`; a `/` in a revision is written `%2F`.
 *
 * @throws {RangeError} if it is something else.
 */
export function hubName(source: string): HubName {
  const [, user, model, revision = "main", file] =
    /^hf:([\w.-]+)\/([\w.-]+)(?:@([\w.%-]+))?(?:\/(.+))?$/.exec(source) ?? [];
  const parts = [user, model, ...file?.split("/") ?? []];
  const isPlain = parts.every((part) =>
    part !== undefined && /^[\w.,+ -]+$/.test(part) && !/^\.+$/.test(part)
  );
  const decoded = revision.replaceAll(/%2F/gi, "/");
  if (!isPlain || /%|(^|\/)\.*(\/|$)/.test(decoded)) {
    throw new RangeError(
      `Cannot use ${
        JSON.stringify(source)
      }: weights on the hub must be named hf:user/model, with @revision or ` +
        `/file behind it if wanted`,
    );
  }
  return { repo: `${user}/${model}`, revision: decoded, file };
}

/**
 * The file of a model that has the generator: the one that is named, or the only one that may.
 *
 * @throws {RangeError} if there is none, or several.
 */
export function chooseFile(
  source: string,
  { repo, revision, file }: HubName,
  files: readonly HubFile[],
): HubFile {
  if (file !== undefined) {
    const named = files.find(({ path }) => path === file);
    if (named) return named;
    throw new RangeError(`Cannot use ${source}: ${repo} must have the file ${file}, found ${listed(files)}`);
  }
  const weights = files.filter(({ path }) => ENDINGS.some((ending) => path.toLowerCase().endsWith(ending)));
  const candidates = narrowed(weights);
  const [first] = candidates;
  if (first && candidates.length === 1) return first;
  const at = revision === "main" ? "" : `@${revision}`;
  throw new RangeError(
    first
      ? `Cannot use ${source}: it must be clear which file has the generator, found ${listed(candidates)}. ` +
        `Name it, as hf:${repo}${at}/${first.path}`
      : `Cannot use ${source}: ${repo} must have a file of weights (${ENDINGS.join(", ")}), found ${
        listed(files)
      }`,
  );
}

/** What is left once names say more: those of a generator, those of no discriminator, the best ending. */
function narrowed(files: readonly HubFile[]): readonly HubFile[] {
  const nameOf = ({ path }: HubFile) => path.split("/").at(-1)!.replace(/\.\w+$/, "");
  const isOf = (pattern: RegExp) => (file: HubFile) => pattern.test(nameOf(file));
  const generators = files.filter(isOf(/generator|(^|[^a-z])(net)?g(en)?([^a-z]|$)/i));
  const others = files.filter((file) =>
    !isOf(/discriminator|critic|(^|[^a-z])(net)?d(isc)?([^a-z]|$)/i)(file)
  );
  const left = generators.length > 0 ? generators : others;
  const [best] = ENDINGS.map((ending) => left.filter(({ path }) => path.toLowerCase().endsWith(ending)))
    .filter((some) => some.length > 0);
  return best ?? [];
}

function listed(files: readonly HubFile[]): string {
  if (files.length === 0) return "none";
  return files.slice(0, 8).map(({ path }) => path).join(", ") + (files.length > 8 ? ", ..." : "");
}
