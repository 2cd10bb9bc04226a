import { mainLoopInstructions } from "./main_loop.ts";

/** What the layer writes of a program that a driver made of a kernel. */
export interface Executable {
  readonly name: string;
  readonly subgroupSize: number;
  /** By the driver's own names. */
  readonly statistics: Readonly<Record<string, number>>;
  /** Machine code as text. */
  readonly assembly?: string;
}

/** What the layer writes of a pipeline. */
export interface PipelineLine {
  /** Vulkan's result: 0 if it was made. */
  readonly result: number;
  readonly milliseconds: number;
  readonly executables: readonly Executable[];
}

/** What came of a kernel: a line of the layer, or what WebGPU said against it. */
export type CompileResult = PipelineLine | { readonly error: string };

/** What is looked at of a compiled kernel. */
export interface Statistics {
  /** Registers of a thread. Intel's threads always have all of theirs, so it is missing there. */
  readonly registers?: number;
  /** Values that found no register, and wait in memory. */
  readonly spills: number;
  /** Threads that run together on Intel's cards: the compiler takes fewer if registers are short. */
  readonly width?: number;
  /** Instructions of the main loop, of AMD's cards. */
  readonly loop?: number;
}

/**
 * Reads what a driver tells of a pipeline.
 *
 * @throws {Error} if the kernel was refused, or the driver tells nothing of it.
 */
export function statisticsOf(result: CompileResult): Statistics {
  if ("error" in result) throw new Error(result.error);
  if (result.result !== 0) throw new Error(`the driver failed with ${result.result}`);
  const found = result.executables.map(ofExecutable);
  const [first, ...others] = found;
  if (!first) throw new Error("the driver tells nothing of it");
  return others.reduce(worst, first);
}

function ofExecutable({ name, statistics, subgroupSize, assembly = "" }: Executable): Statistics {
  const number = (key: string): number => {
    const value = statistics[key];
    if (value === undefined) throw new Error(`the driver tells no "${key}" of its ${name}`);
    return value;
  };
  if (!("VGPRs" in statistics)) return { spills: number("Spill Count"), width: subgroupSize };
  const loop = mainLoopInstructions(assembly);
  return {
    registers: number("VGPRs"),
    spills: number("Spilled VGPRs") + number("Spilled SGPRs"),
    ...(loop === undefined ? {} : { loop }),
  };
}

/** The worst of each number of two programs. */
export function worst(one: Statistics, other: Statistics): Statistics {
  const most = (key: "registers" | "loop") => {
    const values = [one[key], other[key]].filter((value) => value !== undefined);
    return values.length === 0 ? {} : { [key]: Math.max(...values) };
  };
  const widths = [one.width, other.width].filter((value) => value !== undefined);
  return {
    ...most("registers"),
    spills: Math.max(one.spills, other.spills),
    ...(widths.length === 0 ? {} : { width: Math.min(...widths) }),
    ...most("loop"),
  };
}
