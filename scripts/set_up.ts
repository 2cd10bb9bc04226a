/**
 * Sees to a WebGPU adapter, then runs a command: `deno run -A scripts/set_up.ts deno test -A`.
 *
 * Where no adapter is found on Debian or a system derived from it, Mesa's software Vulkan driver is installed: as root,
 * or through sudo where a person is there to type the password. Anywhere else it says what to install.
 */
import { explainMissingAdapter } from "../src/gpu/adapter.ts";
import { commandFor, type Machine, planFor } from "./drivers.ts";

const PACKAGE = "mesa-vulkan-drivers";

/** Mesa writes two lines to stderr where this variable is missing; no file is ever put there. */
const quiet = { XDG_RUNTIME_DIR: Deno.env.get("XDG_RUNTIME_DIR") ?? "/tmp" };

/** Runs a program with this terminal as its own, and returns its exit code. */
async function run(program: string, args: string[]): Promise<number> {
  const child = new Deno.Command(program, { args, env: quiet }).spawn();
  const stop = (): void => child.kill("SIGTERM");
  // Ctrl-C reaches the child through the terminal; this process only has to outlive it.
  const ignore = (): void => {};
  if (Deno.build.os !== "windows") {
    Deno.addSignalListener("SIGINT", ignore);
    Deno.addSignalListener("SIGTERM", stop);
  }
  const { code } = await child.status;
  if (Deno.build.os !== "windows") {
    Deno.removeSignalListener("SIGINT", ignore);
    Deno.removeSignalListener("SIGTERM", stop);
  }
  return code;
}

/** Whether a fresh process finds an adapter. One process keeps what it found first, and cannot be asked again. */
async function hasAdapter(): Promise<boolean> {
  const source = "Deno.exit(await navigator.gpu?.requestAdapter() ? 0 : 3)";
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", source],
    env: quiet,
    stderr: "null",
  }).output();
  return code === 0;
}

function succeeds(program: string, ...args: string[]): boolean {
  try {
    return new Deno.Command(program, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

function examineMachine(): Machine {
  const { os } = Deno.build;
  let osRelease = "";
  try {
    osRelease = Deno.readTextFileSync("/etc/os-release");
  } catch {
    // Systems without that file are told apart by the kernel alone.
  }
  return {
    os,
    osRelease,
    hasApt: os === "linux" && succeeds("apt-get", "--version"),
    isRoot: Deno.uid() === 0,
    canAskForSudo: Deno.stdin.isTerminal() && succeeds("sudo", "-V"),
  };
}

/** Runs apt-get, as root or through sudo, and returns what it wrote, for the case that it did not help. */
async function aptGet(prefix: readonly string[], ...args: string[]): Promise<string> {
  const [program = "", ...rest] = [
    ...prefix,
    "env",
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "-qq",
    ...args,
  ];
  // sudo asks for the password at the terminal itself, whatever becomes of the output.
  const { stdout, stderr } = await new Deno.Command(program, { args: rest, stdin: "inherit" }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

/** Sees to an adapter, or ends this process with a sentence that says what to do. */
async function ensureAdapter(): Promise<void> {
  if (await hasAdapter()) return;
  const machine = examineMachine();
  const prefix = planFor(machine);
  if (prefix === undefined) {
    const command = commandFor(machine);
    console.error(explainMissingAdapter() + (command === undefined ? "" : `. Here, as root: ${command}`));
    Deno.exit(1);
  }
  console.error(
    `No WebGPU adapter was found: installing ${PACKAGE} with apt-get, a driver that needs no GPU.`,
  );
  // A fresh machine has no package lists, and an update that fails in part may still bring what is needed.
  const output = await aptGet(prefix, "update") +
    await aptGet(prefix, "install", "--yes", "--no-install-recommends", PACKAGE);
  if (await hasAdapter()) return;
  console.error(`${output}\nThere is no WebGPU adapter even so. ${explainMissingAdapter()}`);
  Deno.exit(1);
}

await ensureAdapter();
const [program, ...args] = Deno.args;
if (program !== undefined) Deno.exit(await run(program === "deno" ? Deno.execPath() : program, args));
