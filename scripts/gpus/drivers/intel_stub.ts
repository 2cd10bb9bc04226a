import { userCache } from "../../../src/files/user_cache.ts";
import { makeOwnFolder } from "../../../src/files/own_folder.ts";
import { orMissing } from "./missing.ts";
import { run } from "./run.ts";
import { sourceEntries } from "./source_entries.ts";

/**
 * C files of Mesa that make a stub of Linux's driver for Intel's cards: it answers Mesa's questions about the card, and
 * runs nothing. Mesa builds it for its own tests, and Debian does not ship it.
 */
const SOURCES = [
  ...["device.c", "drm_shim.c"].map((name) => `drm-shim/${name}`),
  "intel/tools/intel_noop_drm_shim.c",
  ...["intel_device_info.c", "intel_hwconfig.c", "intel_debug.c"].map((name) => `intel/dev/${name}`),
  ...["intel_gem.c", "intel_engine.c"].map((name) => `intel/common/${name}`),
  ...[
    "hash_table",
    "set",
    "ralloc",
    "vma",
    "u_debug",
    "log",
    "os_misc",
    "os_file",
    "u_process",
    "u_call_once",
    "u_printf",
  ]
    .map((name) => `util/${name}.c`),
  ...["threads_posix.c", "time.c"].map((name) => `c11/impl/${name}`),
];

/** What Mesa's build would find out of this system. */
const DEFINITIONS = [
  "_GNU_SOURCE",
  "HAVE_MEMFD_CREATE",
  "HAVE_PTHREAD",
  "UTIL_ARCH_LITTLE_ENDIAN=1",
  "UTIL_ARCH_BIG_ENDIAN=0",
  "HAVE_STRUCT_TIMESPEC",
  "HAVE_TIMESPEC_GET",
  ...["FFS", "FFSLL", "POPCOUNT", "POPCOUNTLL"].map((name) => `HAVE___BUILTIN_${name}`),
  "HAVE_ENDIAN_H",
  ...["UNUSED", "PACKED", "FORMAT"].map((name) => `HAVE_FUNC_ATTRIBUTE_${name}`),
  "HAVE_PROGRAM_INVOCATION_NAME",
  "MAJOR_IN_SYSMACROS",
  'PACKAGE_VERSION="stub"',
  'MESA_GIT_SHA1=""',
];

const INCLUDES = ["include", "src", "src/intel", "src/mapi", "src/mesa", "src/gallium/include", "src/util"];

/**
 * Builds the stub from the source of the Mesa that is installed, and keeps it in the user's cache. Gives its path.
 *
 * @throws {MissingError} if the source cannot be had.
 */
export async function buildIntelStub(): Promise<string> {
  const [name, version] = await orMissing("Debian's package of Mesa cannot be found", installedMesa);
  const cache = userCache("gpus");
  const kept = cache && `${cache}/intel-stub-${version}.so`;
  if (kept && await isFile(kept)) return kept;
  const folder = await Deno.makeTempDir({ prefix: "mesa-source-" });
  try {
    console.error(
      `Getting the source of ${name} ${version}, 30 MB, to build a stub of Intel's kernel driver`,
    );
    const source = await orMissing(
      "its source cannot be had",
      () => unpackSource(folder, `${name}=${version}`),
    );
    const built = await compileStub(source);
    if (!kept) throw new Error("the user has no folder for caches: set XDG_CACHE_HOME");
    await makeOwnFolder(cache);
    await Deno.copyFile(built, kept);
    return kept;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Name and version of the source package of the drivers that are installed. */
async function installedMesa(): Promise<[name: string, version: string]> {
  const format = "${source:Package} ${source:Version}\n";
  const text = await run("dpkg-query", ["-W", "-f", format, "mesa-vulkan-drivers"]);
  const [name = "", version = ""] = text.split("\n")[0]!.split(" ");
  return [name, version];
}

/** Has apt-get fetch a source package, with lists of its own, as systems seldom list sources. */
async function unpackSource(folder: string, wanted: string): Promise<string> {
  const parts = `${folder}/sources`;
  await Deno.mkdir(`${folder}/lists/partial`, { recursive: true });
  await Deno.mkdir(parts);
  for (const [name, text] of await sourceEntries("/etc/apt")) {
    await Deno.writeTextFile(`${parts}/${name}`, text);
  }
  const options = [
    "-qq",
    "-o",
    "Dir::Etc::sourcelist=/dev/null",
    "-o",
    `Dir::Etc::sourceparts=${parts}`,
    "-o",
    `Dir::State::lists=${folder}/lists`,
    "-o",
    `Dir::Cache=${folder}`,
    "-o",
    "APT::Sandbox::User=root",
  ];
  // An update that fails in part may still bring what is needed
  await run("apt-get", [...options, "update"], { cwd: folder }).catch(() => {});
  await run("apt-get", [...options, "source", "--download-only", wanted], { cwd: folder });
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  const archive = names.find((name) => /\.orig\.tar\.\w+$/.test(name));
  if (!archive) throw new Error(`the source of ${wanted} has no archive`);
  await run("tar", ["-xf", archive, "--strip-components=1", "--one-top-level=mesa"], { cwd: folder });
  return `${folder}/mesa`;
}

async function compileStub(source: string): Promise<string> {
  const generated = `${source}/generated`;
  await Deno.mkdir(generated);
  // Mesa's build writes the revision into it, which is defined above
  await Deno.writeTextFile(`${generated}/git_sha1.h`, "");
  const output = `${source}/libintel_stub.so`;
  await run("gcc", [
    ...["-std=gnu11", "-w", "-O1", "-shared", "-fPIC", "-fvisibility=hidden", "-Wl,--no-undefined"],
    ...DEFINITIONS.map((definition) => `-D${definition}`),
    ...[generated, ...INCLUDES, "/usr/include/libdrm"].map((folder) => `-I${folder}`),
    ...["-o", output],
    ...SOURCES.map((name) => `src/${name}`),
    ...["-ldrm", "-ldl", "-lpthread", "-lm"],
  ], { cwd: source });
  return output;
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((stat) => stat.isFile, () => false);
}
