/** What to do on a machine where no WebGPU adapter was found. */

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

/** The package that brings a software Vulkan driver, by distribution. */
const PACKAGES: readonly (readonly [distribution: string, command: string])[] = [
  ["fedora", "dnf install mesa-vulkan-drivers"],
  ["rhel", "dnf install mesa-vulkan-drivers"],
  ["arch", "pacman -S vulkan-swrast"],
  ["alpine", "apk add mesa-vulkan-swrast"],
  ["opensuse", "zypper install libvulkan_lvp"],
  ["suse", "zypper install libvulkan_lvp"],
  ["nixos", "set hardware.graphics.enable = true"],
];

/** One or two sentences that say what to install. */
export function adviceFor(machine: Machine): string {
  switch (machine.os) {
    case "darwin":
      return "WebGPU needs Metal, which most virtual machines do not have: run this on the Mac itself.";
    case "windows":
      return "Update the graphics driver, or try the other backend with DENO_WEBGPU_BACKEND=vulkan.";
    case "linux": {
      if (isDebianLike(machine)) return "Run as root: apt-get update && apt-get install mesa-vulkan-drivers";
      const names = distributions(machine.osRelease);
      const command = PACKAGES.find(([distribution]) => names.includes(distribution))?.[1];
      return command === undefined
        ? "Install your GPU's Vulkan driver, or Mesa's software one (lavapipe, often in mesa-vulkan-drivers)."
        : `Install your GPU's Vulkan driver, or Mesa's software one: ${command}`;
    }
    default:
      return "Install a Vulkan driver for your GPU.";
  }
}
