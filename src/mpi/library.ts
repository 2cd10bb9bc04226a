import { host } from "../host/host.ts";
import { type Family, launchedFamily } from "./launcher.ts";

/** MPI could not be loaded, or failed. */
export class MpiError extends Error {
  /** Its name. */
  override name = "MpiError";
}

/** Names of the libraries of each family, most exact first. */
export const NAMES: Readonly<Record<Family, readonly string[]>> = {
  "Open MPI": ["libmpi.so.40", "libmpi.40.dylib", "libmpi.so"],
  MPICH: ["libmpich.so.12", "libmpi.so.12", "libmpi.12.dylib", "libmpich.so", "libmpi.so"],
};

/** A library on the disk, or the name that the system's loader finds it by. */
export const LIBRARY_VARIABLE = "DCGAN_MPI_LIBRARY";

const LOADER = {
  dlopen: { parameters: ["buffer", "i32"], result: "pointer" },
  dlsym: { parameters: ["pointer", "buffer"], result: "pointer" },
} as const;

const SLEEP = { usleep: { parameters: ["u32"], result: "i32", nonblocking: true } } as const;

const VERSION = { MPI_Get_library_version: { parameters: ["buffer", "buffer"], result: "i32" } } as const;

/** A handle is an address in Open MPI, and a number in MPICH. */
const symbolsOf = <const Handle extends "u64" | "i32">(handle: Handle) =>
  ({
    MPI_Init_thread: { parameters: ["pointer", "pointer", "i32", "buffer"], result: "i32" },
    MPI_Finalize: { parameters: [], result: "i32" },
    MPI_Abort: { parameters: [handle, "i32"], result: "i32" },
    MPI_Comm_rank: { parameters: [handle, "buffer"], result: "i32" },
    MPI_Comm_size: { parameters: [handle, "buffer"], result: "i32" },
    MPI_Comm_split_type: { parameters: [handle, "i32", "i32", handle, "buffer"], result: "i32" },
    MPI_Comm_set_errhandler: { parameters: [handle, handle], result: "i32" },
    MPI_Error_string: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
    MPI_Isend: { parameters: ["buffer", "i32", handle, "i32", "i32", handle, "buffer"], result: "i32" },
    MPI_Irecv: { parameters: ["buffer", "i32", handle, "i32", "i32", handle, "buffer"], result: "i32" },
    MPI_Testall: { parameters: ["i32", "buffer", "buffer", "pointer"], result: "i32" },
  }) as const;

/** What is called of MPI, with handles of either family. */
type Symbols = Deno.DynamicLibrary<ReturnType<typeof symbolsOf<"u64">>>["symbols"];

/** MPI's constants that are used. */
interface Handles {
  readonly world: bigint;
  readonly byte: bigint;
  readonly noInfo: bigint;
  readonly errorsReturn: bigint;
  /** `MPI_COMM_TYPE_SHARED`. */
  readonly shared: number;
  /** `MPI_STATUSES_IGNORE`. */
  readonly noStatuses: Deno.PointerValue;
}

/** A loaded library. */
export interface Library {
  readonly family: Family;
  /** Name and version, as in "Open MPI 4.1.4". */
  readonly version: string;
  readonly call: Symbols;
  readonly handles: Handles;
  /** Bytes of a handle in memory. */
  readonly handleBytes: 4 | 8;
  /** Sleeps for some microseconds, while the event loop goes on. */
  sleep(microseconds: number): Promise<unknown>;
}

/**
 * Loads the MPI of the launcher that started this process, or the first that is found.
 *
 * @throws {MpiError} if there is none.
 */
export function loadLibrary(): Library {
  const given = host().env(LIBRARY_VARIABLE);
  const launched = launchedFamily();
  const families: readonly Family[] = launched ? [launched] : ["Open MPI", "MPICH"];
  const names = given ? [given] : families.flatMap((family) => NAMES[family]);
  for (const name of names) {
    const found = tryLibrary(name);
    if (found && (given || !launched || found.family === launched)) return found;
  }
  const install = launched === "MPICH" ? "mpich" : "openmpi-bin";
  throw new MpiError(
    `Cannot load MPI${launched ? ` for the launcher of ${launched}` : ""}: none of ${
      names.join(", ")
    } could be opened. ` +
      `Install it (on Debian: apt-get install ${install}), or name its library by ${LIBRARY_VARIABLE}`,
  );
}

/** The library of a name; undefined if there is none, or it is no MPI. */
export function tryLibrary(name: string): Library | undefined {
  const libc = Deno.dlopen(host().system === "darwin" ? "libSystem.B.dylib" : "libc.so.6", {
    ...LOADER,
    ...SLEEP,
  });
  // Open MPI's plugins look for its symbols among those of the whole process
  const opened = libc.symbols.dlopen(text(name), RTLD_NOW | (host().system === "darwin" ? 0x8 : 0x100));
  const told = opened === null ? undefined : libraryVersion(name);
  if (!told) {
    libc.close();
    return undefined;
  }
  const address = (symbol: string) => {
    const found = libc.symbols.dlsym(opened, text(symbol));
    if (found === null) throw new MpiError(`Cannot use ${name} as MPI: it has no ${symbol}`);
    return BigInt(Deno.UnsafePointer.value(found));
  };
  const { family, version } = told;
  const isOpen = family === "Open MPI";
  const { symbols } = Deno.dlopen(name, symbolsOf(isOpen ? "u64" : "i32"));
  return {
    family,
    version,
    call: (isOpen ? symbols : withNumbers(symbols as unknown as NumberSymbols)) as Symbols,
    handles: isOpen
      ? {
        world: address("ompi_mpi_comm_world"),
        byte: address("ompi_mpi_byte"),
        noInfo: address("ompi_mpi_info_null"),
        errorsReturn: address("ompi_mpi_errors_return"),
        ...{ shared: 0, noStatuses: null },
      }
      : mpichHandles(),
    handleBytes: isOpen ? 8 : 4,
    sleep: (microseconds) => libc.symbols.usleep(Math.round(microseconds)),
  };
}

const RTLD_NOW = 0x2;

/** Pointers take the permission for FFI to make, which whoever only loads this file need not have. */
const mpichHandles = (): Handles => ({
  world: 0x44000000n,
  byte: 0x4c00010dn,
  noInfo: 0x1c000000n,
  errorsReturn: 0x54000001n,
  shared: 1,
  noStatuses: Deno.UnsafePointer.create(1n),
});

type NumberSymbols = Readonly<Record<string, (...parameters: unknown[]) => number>>;

/** Functions that take handles as numbers, given them as the addresses of others: as integers of any length. */
function withNumbers(symbols: NumberSymbols): NumberSymbols {
  return Object.fromEntries(
    Object.entries(symbols).map(([name, call]) => [
      name,
      (...parameters: unknown[]) =>
        call(...parameters.map((one) => typeof one === "bigint" ? Number(BigInt.asIntN(32, one)) : one)),
    ]),
  );
}

/** Family, name and version of a library, in short; undefined if there is none of that name, or it is no MPI. */
export function libraryVersion(name: string): Pick<Library, "family" | "version"> | undefined {
  using library = closing(openOrNot(name));
  if (!library) return undefined;
  const [bytes, length] = [new Uint8Array(8192), new Int32Array(1)];
  library.symbols.MPI_Get_library_version(bytes, length);
  const words = new TextDecoder().decode(bytes.subarray(0, length[0])).replaceAll("\0", "");
  const [, number] = /(?:v|Version:?\s*)([\d.]+)/i.exec(words) ?? [];
  const program = /Open MPI/i.test(words) ? "Open MPI" : /Intel/i.test(words) ? "Intel MPI" : "MPICH";
  return {
    family: program === "Open MPI" ? program : "MPICH",
    version: number ? `${program} ${number}` : program,
  };
}

/** Opens a library to ask its version. What a library lacks, Deno tells by an error of no kind of its own. */
function openOrNot(name: string): Deno.DynamicLibrary<typeof VERSION> | undefined {
  try {
    return Deno.dlopen(name, VERSION);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined;
  }
}

function closing<T extends { close(): void }>(library: T | undefined): (T & Disposable) | undefined {
  return library && Object.assign(library, { [Symbol.dispose]: () => library.close() });
}

function text(value: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${value}\0`);
}
