/** Installs packages on Debian, and on systems derived from it. */
import { type Machine, planFor } from "./drivers.ts";

function succeeds(program: string, ...args: string[]): boolean {
  try {
    return new Deno.Command(program, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

/** What is known of this machine. */
export function examineMachine(): Machine {
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

/**
 * Installs packages, if that can be done from here, and returns what apt-get wrote, for the case that it did not help.
 *
 * @param reason What to say before.
 */
export async function installPackages(
  machine: Machine,
  names: readonly string[],
  reason: string,
): Promise<string | undefined> {
  const prefix = planFor(machine);
  if (prefix === undefined) return undefined;
  console.error(reason);
  // A fresh machine has no package lists, and an update that fails in part may still bring what is needed.
  return await aptGet(prefix, "update") +
    await aptGet(prefix, "install", "--yes", "--no-install-recommends", ...names);
}
