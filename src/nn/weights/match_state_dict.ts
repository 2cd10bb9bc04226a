import { formatShape, sameShape, sizeOf } from "../../gpu/tensor/shape.ts";
import type { TensorData } from "../../files/safetensors.ts";
import { type Module, namedParameters, namedStatistics } from "../module.ts";
import type { BorderLayout } from "./layout.ts";
import { underNamesOf } from "./name_prefix.ts";

/** Problems that a message lists. */
const MOST_TOLD = 8;

/** What a state dict has for a tensor of a network. */
export interface StateDictEntry {
  /** Its name in PyTorch. */
  readonly name: string;
  /** How PyTorch keeps it. */
  readonly layout: BorderLayout;
  /** What it is. Counts are whole numbers that nothing is computed with. */
  readonly kind: "parameter" | "statistic" | "count";
}

/**
 * The tensors of a state dict under the names of a network, whatever its own names begin with.
 *
 * @param statistics Whether running statistics must be among them.
 * @throws {RangeError} naming the tensors that are missing, left over, of another shape or with values that
 * do not fit.
 */
export function matchStateDict(
  entries: readonly StateDictEntry[],
  tensors: ReadonlyMap<string, TensorData>,
  statistics: "required" | "optional" = "required",
): ReadonlyMap<string, TensorData> {
  const known = new Set(entries.map(({ name }) => name));
  const given = underNamesOf(known, tensors);
  const isNeeded = ({ kind }: StateDictEntry) =>
    kind === "parameter" || kind === "statistic" && statistics === "required";
  const problems = entries.flatMap((entry) => {
    const found = given.get(entry.name);
    if (!found) return isNeeded(entry) ? [`'${entry.name}' is missing`] : [];
    const problem = problemOf(found, entry);
    return problem ? [`'${entry.name}' ${problem}`] : [];
  });
  for (const name of given.keys()) {
    if (!known.has(name)) problems.push(`'${name}' is not part of the network`);
  }
  if (problems.length === 0) return given;
  const more = problems.length > MOST_TOLD ? `; and ${problems.length - MOST_TOLD} more` : "";
  throw new RangeError(
    `This state dict does not fit the network: ${problems.slice(0, MOST_TOLD).join("; ")}${more}`,
  );
}

/**
 * A state dict as the network of a module would give it, without a GPU: under the module's names, in its order,
 * floats in 32 bits. A count that is missing, or was lost in 16 bits, is 0.
 *
 * @throws {RangeError} as {@linkcode matchStateDict} does.
 */
export function stateDictFor(
  module: Module,
  tensors: ReadonlyMap<string, TensorData>,
): Map<string, TensorData> {
  const entries: StateDictEntry[] = [
    ...[...namedParameters(module)].map(([name, { layout }]) => ({
      name,
      layout,
      kind: "parameter" as const,
    })),
    ...[...namedStatistics(module)].map(([name, { layout, dtype }]) => ({
      name,
      layout,
      kind: dtype === "u32" ? "count" as const : "statistic" as const,
    })),
  ];
  const given = matchStateDict(entries, tensors);
  return new Map(entries.map(({ name, layout: { shape }, kind }): [string, TensorData] => {
    const found = given.get(name);
    if (kind === "count") {
      const count = found && !isLostCount(found) ? BigInt(Number(found.data[0])) : 0n;
      return [name, { dtype: "I64", shape: [], data: BigInt64Array.of(count) }];
    }
    const data = found!.dtype === "F32" ? found!.data : Float32Array.from(toNumbers(found!));
    return [name, { dtype: "F32", shape, data }];
  }));
}

/** Numbers of any type. Those of 64-bit floats are rounded once, as they are written to the GPU. */
export function toNumbers({ data }: TensorData): Float64Array<ArrayBuffer> {
  return Float64Array.from(data as ArrayLike<number>, Number);
}

/** Whether a count was too large for the floats of 16 bits that a whole state dict was made into. */
export function isLostCount({ dtype, data }: TensorData): boolean {
  return dtype === "F16" && data[0] === Infinity;
}

/** Why these values cannot become those of a tensor; undefined if they can. */
function problemOf(found: TensorData, { kind, layout }: StateDictEntry): string | undefined {
  const { shape, data } = found;
  // PyTorch keeps counts without an axis.
  if (!sameShape(shape.length === 0 ? [1] : shape, layout.shape)) {
    return `has shape ${formatShape(shape)}, expected ${formatShape(layout.shape)}`;
  }
  const size = sizeOf(shape);
  if (data.length !== size) {
    return `has ${data.length} values, expected ${size} for its shape ${formatShape(shape)}`;
  }
  if (kind !== "count") return problemOfRange(found);
  if (isLostCount(found)) return undefined;
  // Memory keeps the lowest 32 bits of any number.
  const wrong = Array.from(data as ArrayLike<number | bigint>).find((value) =>
    Number(value) !== Number(value) >>> 0
  );
  return wrong === undefined
    ? undefined
    : `counts ${wrong}, expected a whole number from 0 to ${2 ** 32 - 1}`;
}

/** Why floats of 64 bits cannot become those of 32; undefined if they can. */
function problemOfRange({ dtype, data }: TensorData): string | undefined {
  if (dtype !== "F64") return undefined;
  const wrong = data.find((value) => Number.isFinite(value) && !Number.isFinite(Math.fround(value)));
  return wrong === undefined ? undefined : `holds ${wrong}, which is beyond the range of 32-bit floats`;
}
