import type { Family } from "../../../src/gpu/device/family.ts";
import type { Statistics } from "../compile/statistics.ts";
import { worst } from "../compile/statistics.ts";
import type { Row, Rows } from "./table.ts";
import type { DefaultText, VariantText } from "../record/texts.ts";

/** The name of what is no contraction: many small kernels, of which nothing is held but their worst. */
export const OTHERS = "all others";

/** What a compiler made of texts, by their code; those that it refused are missing. */
export type StatisticsByCode = ReadonlyMap<string, Statistics>;

/** Rows of default kernels, by family and precision, and by label: the worst of all kernels of one label. */
export function kernelRows(
  texts: readonly DefaultText[],
  found: StatisticsByCode,
): Record<string, Rows> {
  const groups: Record<string, Record<string, Statistics>> = {};
  for (const { family, precision, kernel, contracts } of texts) {
    const statistics = found.get(kernel.code);
    if (!statistics) continue;
    const { loop: _loop, width: _width, ...few } = statistics;
    addWorst(
      groups[`${family} ${precision}`] ??= {},
      contracts ? kernel.label : OTHERS,
      contracts ? statistics : few,
    );
  }
  return mapValues(groups, sortedRows);
}

/** Rows of the variants for the middle layer of M, for a family, by what is computed, and by variant. */
export function variantRows(
  texts: readonly VariantText[],
  family: Family,
  found: StatisticsByCode,
): Record<string, Rows> {
  const groups: Record<string, Record<string, Statistics>> = {};
  for (const { family: own, kernel, middle } of texts) {
    const statistics = found.get(kernel.code);
    if (own === family && middle && statistics) {
      addWorst(groups[middle.direction] ??= {}, middle.variant, statistics);
    }
  }
  return mapValues(groups, sortedRows);
}

function addWorst(rows: Record<string, Statistics>, name: string, statistics: Statistics): void {
  const before = rows[name];
  rows[name] = before ? worst(before, statistics) : statistics;
}

function sortedRows(rows: Readonly<Record<string, Statistics>>): Rows {
  return Object.fromEntries(
    Object.keys(rows).sort().map((name) => [name, { ...rows[name] } as Row]),
  );
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.keys(record).sort().map((key) => [key, map(record[key]!)]));
}
