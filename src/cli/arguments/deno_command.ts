import { delimiter, join } from "node:path";
import { shellWord } from "./shell_word.ts";

/** What the command for Deno follows from. */
export interface Surroundings {
  /** Path of the Deno that runs; undefined if it may not be known. */
  readonly execPath: string | undefined;
  /** Folders that a shell looks for programs in; undefined if they may not be known. */
  readonly path: readonly string[] | undefined;
  /** Whether npm or npx started this. */
  readonly isNpm: boolean;
  /** Whether there is a file. */
  readonly isThere: (path: string) => boolean;
}

let found: string | undefined;

/**
 * How a person calls Deno here, to copy from a message. npx brings a Deno along that a shell does not find
 * afterwards: if there is no other Deno, the command starts with npx again.
 */
export function denoCommand(): string {
  return found ??= denoCommandIn(lookAround());
}

/** The command for Deno in given surroundings. */
export function denoCommandIn({ execPath, path, isNpm, isThere }: Surroundings): string {
  const isNpx = execPath !== undefined && /[\\/]_npx[\\/]/.test(execPath);
  const program = Deno.build.os === "windows" ? "deno.exe" : "deno";
  // npm puts folders of its own in front, for as long as it runs
  const own = path?.filter((folder) => folder !== "" && !/[\\/]node_modules[\\/]\.bin[\\/]?$/.test(folder));
  const isOnPath = own === undefined ? !isNpx : own.some((folder) => isThere(join(folder, program)));
  if (isOnPath || execPath === undefined) return "deno";
  return isNpx || isNpm ? `npx -y deno@${Deno.version.deno}` : shellWord(execPath);
}

/** What may be known without asking anybody. */
function lookAround(): Surroundings {
  const path = variable("PATH")?.split(delimiter);
  const mayLook = Deno.permissions.querySync({ name: "read" }).state === "granted";
  return {
    execPath: execPath(),
    path: mayLook ? path : undefined,
    isNpm: variable("npm_execpath") !== undefined,
    isThere(file) {
      try {
        return Deno.statSync(file).isFile;
      } catch {
        return false;
      }
    },
  };
}

function variable(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) || undefined : undefined;
}

function execPath(): string | undefined {
  try {
    return Deno.execPath();
  } catch {
    return undefined;
  }
}
