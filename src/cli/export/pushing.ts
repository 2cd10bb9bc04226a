import { basename } from "node:path";
import type { ExportFormat } from "../../dcgan/export/export_options.ts";
import { UsageError } from "../errors.ts";
import type { Session } from "../session.ts";
import type { Watch } from "../terminal/watching.ts";
import { bytes as byteText, counted } from "../terminal/text.ts";

/** The flags of an upload, as they are read. */
interface PushFlags {
  readonly format: ExportFormat;
  readonly push?: string;
  readonly private?: true;
  readonly tokenFile?: string;
  readonly yes?: true;
}

/**
 * Refuses flags of an upload that say nothing together, and an upload that nobody can be asked about.
 *
 * @throws {UsageError} naming the flag.
 */
export function checkPushing(flags: PushFlags, { terminal }: Session): void {
  const { format, push, yes, tokenFile } = flags;
  const lonely = flags.private
    ? "--private"
    : tokenFile !== undefined
    ? "--token-file"
    : yes
    ? "--yes"
    : undefined;
  if (push === undefined && lonely) {
    throw new UsageError(`${lonely} needs --push. Add it, or leave ${lonely} out`);
  }
  if (push === undefined) return;
  if (format !== "hub") throw new UsageError(`--push needs --format hub, found ${format}`);
  if (yes || canAsk(terminal)) return;
  throw new UsageError(
    "--push needs --yes where nobody can be asked, as it uploads files. Add it if you are sure",
  );
}

function canAsk({ isTerminal }: Session["terminal"]): boolean {
  return isTerminal && Deno.stdin.isTerminal();
}

/** The user's token, before anything is drawn. */
export async function tokenOf(file: string | undefined): Promise<string> {
  const { hubToken } = await import("../../dcgan/export/hub/hub_token.ts");
  try {
    return await hubToken(file);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(error.message);
  }
}

/** What {@linkcode pushing} is told. */
interface Pushing extends Watch {
  readonly repo: string;
  readonly token: string;
  readonly isPrivate: boolean | undefined;
  readonly yes: boolean | undefined;
}

/** Says what will be uploaded, asks if that is wanted, and uploads. Undefined if the user says no. */
export async function pushing(
  paths: readonly string[],
  bytes: number,
  { repo, token, isPrivate = false, yes, report, progress, signal }: Pushing,
): Promise<{ url: string; summary: string } | undefined> {
  const who = isPrivate ? "which only you may see if it is new" : "which everybody may see";
  report(
    `Will upload ${counted(paths.length, "file")}, ${byteText(bytes)}, to hf:${repo}, ${who}: ` +
      paths.map((path) => basename(path)).join(", "),
  );
  if (!yes && !confirm("Upload them?")) {
    report("Nothing was uploaded. The files stay where they are.");
    return undefined;
  }
  const { pushToHub } = await import("../../dcgan/export/hub/push_to_hub.ts");
  const { url } = await pushToHub(paths, {
    repo,
    token,
    private: isPrivate,
    signal,
    progress: (done, total) => progress({ what: `hf:${repo}`, done, total, unit: "bytes" }),
  });
  return { url, summary: `hub: ${counted(paths.length, "file")}, ${byteText(bytes)}: ${url}` };
}
