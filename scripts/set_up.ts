/**
 * Sees to a WebGPU adapter, then runs a command: `deno run -A scripts/set_up.ts deno test -A`.
 *
 * Where no adapter is found on Debian or a system derived from it, or only one of OpenGL, which is several times slower,
 * Mesa's software Vulkan driver is installed: as root, or through sudo where a person is there to type the password.
 * Anywhere else it says what to install.
 */
import "../src/host/on_native.ts";
import { askedBackend, explainMissingAdapter, explainOpenGl } from "../src/gpu/device/adapter.ts";
import { commandFor, type Machine } from "./drivers.ts";
import { examineMachine, installPackages } from "./packages.ts";

const PACKAGE = "mesa-vulkan-drivers";

/** Mesa writes two lines to stderr where this variable is missing; no file is ever put there. */
const quiet = { XDG_RUNTIME_DIR: Deno.env.get("XDG_RUNTIME_DIR") || "/tmp" };

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

/** What a fresh process finds. One process keeps what it found first, and cannot be asked again. */
async function findAdapter(): Promise<"none" | "OpenGL" | "good"> {
  const adapters = new URL("../src/gpu/device/adapter.ts", import.meta.url).href;
  const onNative = new URL("../src/host/on_native.ts", import.meta.url).href;
  const source = `import "${onNative}";
    import { describeAdapter } from "${adapters}";
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
    Deno.exit(!adapter ? 3 : describeAdapter(adapter).openGl ? 4 : 0);`;
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", source],
    env: quiet,
    stderr: "null",
  }).output();
  return code === 0 ? "good" : code === 4 ? "OpenGL" : "none";
}

/** Sees to an adapter, or ends this process with a sentence that says what to do. One of OpenGL is better than none. */
async function ensureAdapter(): Promise<void> {
  const found = await findAdapter();
  // Whoever asks for a backend is to have it
  if (found === "good" || found === "OpenGL" && askedBackend() !== undefined) return;
  const machine = examineMachine();
  const lack = found === "OpenGL"
    ? "WebGPU runs on OpenGL here, several times slower than on Vulkan"
    : "No WebGPU adapter was found";
  const reason = `${lack}: installing ${PACKAGE} with apt-get, a driver that needs no GPU.`;
  const output = await installPackages(machine, [PACKAGE], reason);
  if (output === undefined) return giveUp(found, machine);
  const then = await findAdapter();
  if (then === "good") return;
  console.error(output);
  giveUp(then, machine);
}

/** Says what is missing, and ends this process where it cannot do without. */
function giveUp(found: "none" | "OpenGL", machine: Machine): void {
  const command = commandFor(machine);
  const here = command === undefined ? "" : `. Here, as root: ${command}`;
  console.error((found === "OpenGL" ? explainOpenGl() : explainMissingAdapter()) + here);
  if (found === "none") Deno.exit(1);
}

await ensureAdapter();
const [program, ...args] = Deno.args;
if (program !== undefined) Deno.exit(await run(program === "deno" ? Deno.execPath() : program, args));
