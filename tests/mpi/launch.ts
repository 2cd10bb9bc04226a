/** Starts programs with the launchers of MPI that this machine has. */

/**
 * The launchers, and the flags with which they start more ranks than there are cores, as any user. Open MPI ties a rank
 * to one core, which others may be using while another core is free.
 */
const LAUNCHERS = [
  {
    family: "Open MPI",
    names: ["mpirun.openmpi"],
    flags: ["--allow-run-as-root", "--oversubscribe", "--bind-to", "none"],
  },
  { family: "MPICH", names: ["mpirun.mpich", "mpiexec.hydra"], flags: [] },
] as const;

/** A launcher that is there. */
export interface Launcher {
  readonly family: string;
  readonly path: string;
  readonly flags: readonly string[];
}

function find(names: readonly string[]): string | undefined {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    for (const name of names) {
      try {
        if (Deno.statSync(`${folder}/${name}`).isFile) return `${folder}/${name}`;
      } catch {
        // Not in this folder
      }
    }
  }
  return undefined;
}

/** A test for each family of MPI. It is skipped, and says so in its name, where that is not installed. */
export function mpiTest(name: string, body: (launcher: Launcher) => Promise<void>): void {
  for (const { family, names, flags } of LAUNCHERS) {
    const path = find(names);
    const ignore = path === undefined;
    Deno.test({
      name: `${name}, by ${family}${ignore ? " (skipped: it is not installed)" : ""}`,
      ignore,
      fn: () => body({ family, path: path!, flags }),
    });
  }
}

/** How a program ended. */
export interface Ended {
  readonly code: number;
  /** What all ranks wrote. */
  readonly text: string;
  readonly seconds: number;
}

/** A program on several ranks. */
export interface Job {
  readonly launcher: Deno.ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts a module of this folder, or the command line, on so many ranks. */
export function start(
  { path, flags }: Launcher,
  ranks: number,
  module: string,
  args: readonly string[] = [],
): Job {
  const began = performance.now();
  const launcher = new Deno.Command(path, {
    args: [
      ...flags,
      "-n",
      `${ranks}`,
      Deno.execPath(),
      "run",
      "-A",
      new URL(module, import.meta.url).pathname,
      ...args,
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const ended = launcher.output().then(({ code, stdout, stderr }) => ({
    code,
    text: [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n"),
    seconds: (performance.now() - began) / 1000,
  }));
  return { launcher, ended };
}
