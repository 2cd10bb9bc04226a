import { host } from "../host/host.ts";
import type { Family } from "./launcher.ts";
import { libraryVersion, NAMES } from "./library.ts";

/** What a machine has of one of the families of MPI. */
export interface InstalledMpi {
  /** Which of the two. Intel MPI and MVAPICH count as MPICH, whose programs they run. */
  readonly family: Family;
  /** Name and version of its library, as in "Open MPI 4.1.4"; undefined if there is none. */
  readonly library?: string;
  /** The program that starts ranks; undefined if there is none. */
  readonly launcher?: MpiLauncher;
}

/** A program that starts ranks. */
export interface MpiLauncher {
  /** Its name, as in "mpirun.openmpi". */
  readonly name: string;
  /** Its version, as in "4.1.4"; undefined if it does not tell. */
  readonly version?: string;
}

/** Names of launchers. Those with a family's name are Debian's, where both are installed. */
const LAUNCHERS = ["mpirun", "mpirun.openmpi", "mpirun.mpich", "mpiexec.hydra"] as const;

/**
 * Looks for MPI on this machine, family by family, without joining anyone: libraries tell their version, and so do
 * launchers. Those of which there is neither are left out.
 *
 * @returns undefined where that may not be done: it takes `--allow-ffi` and `--allow-run`.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { installedMpi } from "@x/dcgan";
 *
 * for (const { family, library, launcher } of await installedMpi() ?? []) {
 *   console.log(`${family}: ${library ?? "no library"}, ${launcher?.name ?? "no launcher"}`);
 *   assert(library ?? launcher);
 * }
 * ```
 */
export async function installedMpi(): Promise<InstalledMpi[] | undefined> {
  const canRun = (await Deno.permissions.query({ name: "run" })).state === "granted";
  if (!canRun || !host().may("ffi")) return undefined;
  const launchers = await findLaunchers(LAUNCHERS);
  const families: readonly Family[] = ["Open MPI", "MPICH"];
  return families.flatMap((family) => {
    const library = NAMES[family].map(libraryVersion).find((found) => found?.family === family)?.version;
    const launcher = launchers.get(family);
    if (library === undefined && launcher === undefined) return [];
    return [{ family, ...(library === undefined ? {} : { library }), ...(launcher ? { launcher } : {}) }];
  });
}

/** The first of some launchers for each family, of those that tell their version within some milliseconds. */
export async function findLaunchers(
  names: readonly string[],
  patience = 5000,
): Promise<Map<Family, MpiLauncher>> {
  const told = await Promise.all(
    names.map(async (name) => [name, await askVersion(name, patience)] as const),
  );
  const found = new Map<Family, MpiLauncher>();
  for (const [name, text] of told) {
    const family = text === undefined ? undefined : familyOf(text);
    if (family === undefined || found.has(family)) continue;
    const [, version] = /(\d+(?:\.\d+)+)/.exec(text!) ?? [];
    found.set(family, { name, ...(version === undefined ? {} : { version }) });
  }
  return found;
}

/** The family of a launcher, by what it says of its version. */
function familyOf(text: string): Family | undefined {
  if (/Open MPI|OpenRTE|PRRTE/i.test(text)) return "Open MPI";
  return /HYDRA|MPICH|MVAPICH|Intel\(R\) MPI/i.test(text) ? "MPICH" : undefined;
}

/** What a program says of its version; undefined if it cannot be run, or does not answer. */
async function askVersion(program: string, patience: number): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(program, {
      args: ["--version"],
      stdin: "null",
      stderr: "null",
      signal: AbortSignal.timeout(patience),
    }).output();
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) {
      return undefined;
    }
    throw error;
  }
}
