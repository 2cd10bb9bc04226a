/** The name of what was passed over: the singular, and the plural if it differs. */
export type Way = string | readonly [one: string, many: string];

/** What was passed over in one way. */
interface Group {
  readonly way: Way;
  count: number;
  /** The first of them in the order of code units, whatever order they are found in. */
  example: string;
  /** What to do about it, as a sentence; empty if there is nothing to do. */
  readonly advice: string;
}

/** Reasons that are reported one by one. */
const SHOWN = 6;

/**
 * Counts what a source passes over as it is listed, so that nothing is left out silently: one line reports it
 * when the source is opened. Only the counts and the first example of each way are kept, however many there
 * are.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PassedOver } from "./passed_over.ts";
 *
 * const passed = new PassedOver();
 * passed.add(".tif", "a/1.tif", "Convert pictures of other formats to JPEG or PNG.");
 * passed.add(".tif", "a/2.tif");
 * passed.add(["link to a folder", "links to folders"], "latest");
 * assertEquals(
 *   passed.sentence(),
 *   'Passed over 3 files: 2 .tif (the first is "a/1.tif"), 1 link to a folder ("latest"). ' +
 *     "Convert pictures of other formats to JPEG or PNG.",
 * );
 * ```
 */
export class PassedOver {
  readonly #groups = new Map<string, Group>();
  readonly #folder: string;
  #count = 0;

  /**
   * @param folder Folder that alone is of interest, empty or with `/` at its end: what lies elsewhere is not
   * counted.
   */
  constructor(folder = "") {
    this.#folder = folder;
  }

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  /**
   * Counts one.
   *
   * @param way What it is, or why it is passed over.
   * @param name Its path within the data.
   * @param advice What to do about it, as a sentence.
   */
  add(way: Way, name: string, advice = ""): void {
    if (this.#folder !== "" && !name.normalize().startsWith(this.#folder)) return;
    this.#count++;
    const key = typeof way === "string" ? way : way[0];
    const group = this.#groups.get(key);
    if (group) {
      group.count++;
      if (name < group.example) group.example = name;
    } else this.#groups.set(key, { way, count: 1, example: name, advice });
  }

  /**
   * What was passed over in some way, as in `1 .tif ("a.tif"), 2 .txt (the first is "a.txt")`; and what to do
   * about it.
   */
  list(): { readonly found: string; readonly advice: string } {
    const groups = [...this.#groups].sort(([a, { count: x }], [b, { count: y }]) => y - x || (a < b ? -1 : 1))
      .map(([, group]) => group);
    const shown = groups.slice(0, SHOWN).map(({ way, count, example }) => {
      const [one, many] = typeof way === "string" ? [way, way] : way;
      const name = shortened(example);
      return count === 1 ? `1 ${one} (${name})` : `${count} ${many} (the first is ${name})`;
    });
    const rest = groups.slice(SHOWN).reduce((sum, { count }) => sum + count, 0);
    if (rest > 0) shown.push(`${rest} ${rest === 1 ? "other" : "others"}`);
    const advice = [...new Set(groups.map((group) => group.advice))].filter((text) => text !== "").slice(
      0,
      3,
    );
    return { found: shown.join(", "), advice: advice.join(" ") };
  }

  /** The first of each way. */
  examples(): string[] {
    return [...this.#groups.values()].map(({ example }) => example);
  }

  /** Everything in one line; empty if nothing was passed over. */
  sentence(): string {
    if (this.#count === 0) return "";
    const { found, advice } = this.list();
    const end = advice === "" ? "" : `. ${advice}`;
    return `Passed over ${this.#count} ${this.#count === 1 ? "file" : "files"}: ${found}${end}`;
  }
}

/** A path in quotes; if it is shortened, its end is kept. */
function shortened(path: string): string {
  return JSON.stringify(path.length > 60 ? `...${path.slice(-57)}` : path);
}
