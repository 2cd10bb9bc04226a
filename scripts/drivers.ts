/** What to do on a machine where no WebGPU adapter was found, or only one of OpenGL. */

/** What is known of such a machine. */
export interface Machine {
  /** The operating system, as Deno names it. */
  readonly os: typeof Deno.build.os;
  /** Text of /etc/os-release; empty where there is none. */
  readonly osRelease: string;
  /** Whether apt-get runs. */
  readonly hasApt: boolean;
  /** Whether this process may install packages. */
  readonly isRoot: boolean;
  /** Whether sudo runs and a person is at a terminal to answer it. */
  readonly canAskForSudo: boolean;
}

/** The distribution's own name and those it is derived from. */
function distributions(osRelease: string): string[] {
  const fields = [...osRelease.matchAll(/^(?:ID|ID_LIKE)=(.*)$/gm)];
  return fields.flatMap(([, value = ""]) => value.replaceAll(/["']/g, "").trim().split(/\s+/));
}

/** Whether packages are Debian's. */
function isDebianLike(machine: Machine): boolean {
  const names = distributions(machine.osRelease);
  return machine.os === "linux" && machine.hasApt && (names.includes("debian") || names.includes("ubuntu"));
}

/** What to write before apt-get so that it may install, or `undefined` where it cannot be run from here. */
export function planFor(machine: Machine): readonly string[] | undefined {
  if (!isDebianLike(machine)) return undefined;
  if (machine.isRoot) return [];
  return machine.canAskForSudo ? ["sudo"] : undefined;
}

/** How other distributions install a software Vulkan driver. */
const COMMANDS: readonly (readonly [distribution: string, command: string])[] = [
  ["fedora", "dnf install mesa-vulkan-drivers"],
  ["rhel", "dnf install mesa-vulkan-drivers"],
  ["arch", "pacman -S vulkan-swrast"],
  ["alpine", "apk add mesa-vulkan-swrast"],
  ["suse", "zypper install libvulkan_lvp"],
];

/** The command that installs a software Vulkan driver, where the distribution is one that is known. */
export function commandFor(machine: Machine): string | undefined {
  if (isDebianLike(machine)) return "apt-get update && apt-get install mesa-vulkan-drivers";
  const names = distributions(machine.osRelease);
  return COMMANDS.find(([distribution]) => names.includes(distribution))?.[1];
}
