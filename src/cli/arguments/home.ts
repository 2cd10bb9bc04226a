import { UsageError } from "../errors.ts";

/** A tilde where a path begins: an argument of its own, or what follows the first `=` of a flag. */
const TILDE = /^(--[^=]+=)?~(?=$|[/\\])/;

/**
 * Arguments with the home folder in place of a tilde. Shells put it there if an argument begins with one, but
 * not in `--out=~/x`.
 *
 * @param home Finds the home folder; undefined if it is not known.
 * @throws {UsageError} naming the argument, if the home folder is not known.
 */
export function expandHome(
  args: readonly string[],
  home: () => string | undefined = homeFolder,
): readonly string[] {
  return args.map((arg) => {
    if (!TILDE.test(arg)) return arg;
    const folder = home();
    if (folder === undefined) {
      throw new UsageError(`Cannot expand the ~ in ${arg}: the home folder is unknown. Give the full path`);
    }
    return arg.replace(TILDE, (_, flag = "") => flag + folder.replace(/[/\\]$/, ""));
  });
}

/** The home folder, if the environment may be read and names it. */
function homeFolder(): string | undefined {
  const name = Deno.build.os === "windows" ? "USERPROFILE" : "HOME";
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) || undefined : undefined;
}
