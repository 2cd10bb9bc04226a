import { DatasetError } from "../contract.ts";
import { quote } from "../messages.ts";

/**
 * The path of a member of an archive in its plain form, `a/b.png`. Some programs of Windows write `\` between
 * its parts.
 *
 * @param name As the archive has it.
 * @param archive Path of the archive, for messages.
 * @throws {DatasetError} if it leads out of the archive, or is no path.
 */
export function memberPath(name: string, archive: string): string {
  const path = name.replaceAll("\\", "/");
  const parts = path.split("/").filter((part) => part !== "." && part !== "");
  const climbs = path.startsWith("/") || /^[A-Za-z]:/.test(path) || parts.includes("..");
  if (climbs || name.includes("\0")) {
    throw new DatasetError(
      `${quote(name)} in ${quote(archive)} has a path that leads out of the archive; ` +
        "pack it again with plain paths",
    );
  }
  return parts.join("/");
}
