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
async function run(program: string, args: string[], env: Record<string, string> = {}): Promise<number> {
  const child = new Deno.Command(program, { args, env: { ...quiet, ...env } }).spawn();
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

/** Installs the driver, and returns the exit code of the last program that ran. */
async function install(prefix: readonly string[]): Promise<number> {
  const aptGet = async (...args: string[]): Promise<number> => {
    const [program = "", ...rest] = [
      ...prefix,
      "env",
      "DEBIAN_FRONTEND=noninteractive",
      "apt-get",
      "-qq",
      ...args,
    ];
    return await run(program, rest);
  };
  // A fresh machine's package lists are empty, and an update that fails in part may still leave what is needed.
  await aptGet("update");
  return await aptGet("install", "--yes", "--no-install-recommends", PACKAGE);
}

if (!await hasAdapter()) {
  const machine = examineMachine();
  const plan = planFor(machine);
  if (plan === undefined) {
    const command = commandFor(machine);
    console.error(explainMissingAdapter() + (command === undefined ? "" : `. Here, as root: ${command}`));
    Deno.exit(1);
  }
  console.error(`No WebGPU adapter was found: installing ${PACKAGE}, a driver that needs no GPU (apt-get).`);
  const code = await install(plan);
  if (!await hasAdapter()) {
    console.error(
      code === 0
        ? `${PACKAGE} is installed, yet no WebGPU adapter was found. See: deno task doctor`
        : `apt-get could not install ${PACKAGE} (exit code ${code}). Install it by hand, then try again.`,
    );
    Deno.exit(1);
  }
}

const [program, ...args] = Deno.args;
if (program !== undefined) Deno.exit(await run(program === "deno" ? Deno.execPath() : program, args));
