import { DatasetError } from "../contract.ts";
import { quote } from "../messages.ts";

/** CelebA's attributes of pictures. */
export interface CelebaAttributes {
  /** Names of the attributes, such as `Smiling`. */
  readonly names: readonly string[];
  /** Whether each attribute holds, by the name of the picture's file. */
  readonly rows: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads `list_attr_celeba.txt`: the number of pictures, the names of the attributes, then a line for each
 * picture with its name and 1 or -1 for each attribute. The same as a table with commas, as it is also passed
 * around, is read too: it starts with the names of its columns, has 0 for -1 or not, and quotes around its
 * cells or not.
 *
 * @param path The file's path, for messages.
 * @throws {DatasetError} if a line is something else.
 */
export function readCelebaAttributes(text: string, path: string): CelebaAttributes {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
  const isTable = lines[0]?.includes(",") ?? false;
  const cells = isTable ? tableCells : (line: string) => line.trim().split(/\s+/);
  const names = isTable ? cells(lines[0]!).slice(1) : cells(lines[1] ?? "");
  const allowed = isTable ? /^(?:1|-1|0)$/ : /^(?:1|-1)$/;
  const rows = new Map<string, Uint8Array>();
  const first = isTable ? 1 : 2;
  for (let i = first; i < lines.length; i++) {
    const [name, ...values] = cells(lines[i]!);
    if (values.length !== names.length || !values.every((value) => allowed.test(value))) {
      throw new DatasetError(
        `${path} must have a name and ${names.length} times 1 or -1 in line ${i + 1}, ` +
          `found ${quote(lines[i])}`,
      );
    }
    rows.set(name!, Uint8Array.from(values, (value) => value === "1" ? 1 : 0));
  }
  const promised = isTable ? rows.size : Number(lines[0]);
  if (rows.size === 0 || rows.size !== promised) {
    throw new DatasetError(
      `${path} must have the lines that it starts with: expected ${lines[0] ?? "a number"}, ` +
        `found ${rows.size}`,
    );
  }
  return { names, rows };
}

/**
 * Reads `list_eval_partition.txt`: a line for each picture with its name and 0 (train), 1 (validation) or 2
 * (test).
 *
 * @throws {DatasetError} if a line is something else.
 */
export function readCelebaParts(text: string, path: string): ReadonlyMap<string, number> {
  const parts = new Map<string, number>();
  for (const [i, line] of text.split(/\r\n|\r|\n/).entries()) {
    // A table starts with the names of its columns
    if (line.trim() === "" || i === 0 && /partition/i.test(line)) continue;
    const [name, part] = line.includes(",") ? tableCells(line) : line.trim().split(/\s+/);
    if (name === undefined || !/^[012]$/.test(part ?? "")) {
      throw new DatasetError(`${path} must have a name and 0, 1 or 2 in line ${i + 1}, found ${quote(line)}`);
    }
    parts.set(name, Number(part));
  }
  return parts;
}

/** The cells of a line with commas between them, without quotes around them. */
function tableCells(line: string): string[] {
  return line.trim().split(",").map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
}
