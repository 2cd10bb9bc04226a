/** Numbers of something, by what they count. */
export type Row = Readonly<Record<string, number>>;

/** Rows by name. */
export type Rows = Readonly<Record<string, Row>>;

/** What is held of cards and of compilers. */
export interface Table {
  /** Version of the driver that each compiler is of. */
  readonly drivers: Readonly<Record<string, string>>;
  /** By card and workload: launches, and percent of the work that is done by fewer threads than the card has lanes. */
  readonly cards: Readonly<Record<string, Rows>>;
  /** By compiler, family and precision, and label: the kernels that run by default. */
  readonly kernels: Readonly<Record<string, Readonly<Record<string, Rows>>>>;
  /** By compiler, direction and variant: what the tuner may take for a layer in the middle of M. */
  readonly variants: Readonly<Record<string, Readonly<Record<string, Rows>>>>;
}

/** Nothing yet. */
export const EMPTY_TABLE: Table = { drivers: {}, cards: {}, kernels: {}, variants: {} };

/** A table with what was found in place of what it held of the same. */
export function replaceFound(held: Table, found: Table): Table {
  return {
    drivers: { ...held.drivers, ...found.drivers },
    cards: { ...held.cards, ...found.cards },
    kernels: { ...held.kernels, ...found.kernels },
    variants: { ...held.variants, ...found.variants },
  };
}

/** A sentence for each row in which what was found is not what a table holds. What was not looked at is let be. */
export function differences(held: Table, found: Table): string[] {
  const of = (part: "kernels" | "variants") =>
    Object.entries(found[part]).flatMap(([compiler, groups]) => {
      const sameDriver = (held.drivers[compiler] ?? found.drivers[compiler]) === found.drivers[compiler];
      return compareGroups(held[part][compiler] ?? {}, groups, [compiler])
        .filter(({ unit }) => sameDriver || unit === "spills");
    });
  const cards = Object.keys(found.cards).length === 0 ? [] : compareGroups(held.cards, found.cards, []);
  const all = [...cards, ...of("kernels"), ...of("variants")];
  return all.map(({ sentence }) => sentence);
}

/** Compilers whose driver is not the one that a table is of: registers and loops are not compared then. */
export function otherDrivers(held: Table, found: Table): string[] {
  return Object.entries(found.drivers)
    .filter(([compiler, driver]) => (held.drivers[compiler] ?? driver) !== driver)
    .map(([compiler, driver]) =>
      `${compiler}: the table is of ${held.drivers[compiler]}, found ${driver}: only spills are compared`
    );
}

/** Something that differs. */
interface Difference {
  /** What is counted; missing where a whole row is. */
  readonly unit?: string;
  readonly sentence: string;
}

function compareGroups(
  held: Readonly<Record<string, Rows>>,
  found: Readonly<Record<string, Rows>>,
  path: readonly string[],
): Difference[] {
  const names = new Set([...Object.keys(held), ...Object.keys(found)]);
  return [...names].flatMap((name) => compareRows(held[name] ?? {}, found[name] ?? {}, [...path, name]));
}

function compareRows(held: Rows, found: Rows, path: readonly string[]): Difference[] {
  const names = new Set([...Object.keys(held), ...Object.keys(found)]);
  return [...names].flatMap((name) => compareRow(held[name], found[name], [...path, name].join(", ")));
}

function compareRow(held: Row | undefined, found: Row | undefined, name: string): Difference[] {
  if (!found) return [{ sentence: `${name} is in the table, and was not found` }];
  if (!held) return [{ sentence: `${name} is not in the table: ${rowText(found)}` }];
  return [...new Set([...Object.keys(held), ...Object.keys(found)])]
    .filter((unit) => held[unit] !== found[unit])
    .map((unit) => ({ unit, sentence: `${name}: ${change(unit, held[unit], found[unit])}` }));
}

function change(unit: string, before: number | undefined, now: number | undefined): string {
  const sentence = `${unit} ${now ?? "unknown"}, was ${before ?? "unknown"}`;
  if (before === undefined || now === undefined) return sentence;
  // The only one of which more is better
  const better = unit === "width" ? now > before : now < before;
  return `${sentence} (${better ? "better" : "worse"})`;
}

/** `96 registers, 0 spills`. */
export function rowText(row: Row): string {
  return Object.entries(row).map(([unit, value]) => `${unit} ${value}`).join(", ");
}
