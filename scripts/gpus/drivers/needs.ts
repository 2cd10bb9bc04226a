import { MissingError } from "./missing.ts";
import { examineMachine, installPackages } from "../../packages.ts";

/** Something of the system that is needed. */
interface Need {
  /** Debian's package. */
  readonly name: string;
  /** Whether it is there. */
  readonly isThere: () => boolean;
}

/** Folders in which drivers say where they are. */
const MANIFESTS = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];

const GCC: Need = { name: "gcc", isThere: () => isFile("/usr/bin/gcc") };
const HEADERS: Need = { name: "libvulkan-dev", isThere: () => isFile("/usr/include/vulkan/vk_layer.h") };
const LIBC: Need = { name: "libc6-dev", isThere: () => isFile("/usr/include/stdio.h") };
const DRM: Need = { name: "libdrm-dev", isThere: () => isFile("/usr/include/xf86drm.h") };
const MESA: Need = {
  name: "mesa-vulkan-drivers",
  isThere: () => driverManifest("radeon") !== undefined && driverManifest("intel") !== undefined,
};

/** What compiling for AMD's cards needs. */
export const FOR_LAYER: readonly Need[] = [GCC, LIBC, HEADERS, MESA];

/** What Intel's needs beside that. */
export const FOR_INTEL_STUB: readonly Need[] = [...FOR_LAYER, DRM];

/**
 * Sees to packages, and installs what is missing, if that can be done from here.
 *
 * @throws {MissingError} if something is missing then, saying what, and how to get it.
 */
export async function ensure(needs: readonly Need[]): Promise<void> {
  const missing = () => needs.filter(({ isThere }) => !isThere()).map(({ name }) => name);
  const names = missing();
  if (names.length === 0) return;
  const machine = examineMachine();
  const written = await installPackages(machine, names, `Installing ${names.join(", ")} with apt-get.`);
  const left = missing();
  if (left.length === 0) return;
  const why = written?.trim().split("\n").at(-1);
  throw new MissingError(
    `${left.join(", ")} must be installed${why ? `, and apt-get says: ${why}` : ""}. ` +
      (machine.hasApt
        ? `As root: apt-get update && apt-get install ${left.join(" ")}`
        : "Those are Debian's packages: install what they are called on this system"),
  );
}

/** The file by which the Vulkan loader finds a driver of Mesa; undefined if it is not installed. */
export function driverManifest(driver: string): string | undefined {
  for (const folder of MANIFESTS) {
    const found = namesIn(folder).find((name) => name.startsWith(`${driver}_icd`) && name.endsWith(".json"));
    if (found) return `${folder}/${found}`;
  }
  return undefined;
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  } catch {
    return [];
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
