import { Option } from "@commander-js/extra-typings";
import { PICTURE_PROTOCOLS, type PictureProtocol } from "../../dcgan/terminal_pictures/protocol.ts";
import type { Terminal } from "./terminal.ts";

/** The flag of commands that can show a picture in the terminal. */
export function showFlag(
  what: string,
): Option<"--show <protocol>", undefined, undefined, undefined, false, PictureProtocol> {
  const summary = `show ${what} in the terminal, if it understands kitty's, iTerm2's or sixel graphics`;
  return new Option("--show <protocol>", summary).choices(PICTURE_PROTOCOLS);
}

/**
 * The picture of a PNG file as text for the terminal; empty unless that was asked for, and a terminal is there to show it.
 * A picture that cannot be shown gives the reason in its place.
 */
export async function pictureText(
  path: string,
  protocol: PictureProtocol | undefined,
  { isTerminal }: Pick<Terminal, "isTerminal">,
): Promise<string> {
  if (protocol === undefined || !isTerminal) return "";
  const { terminalPicture } = await import("../../dcgan/terminal_pictures/terminal_picture.ts");
  try {
    return await terminalPicture(await Deno.readFile(path), protocol);
  } catch (error) {
    return `warning: Cannot show ${path}: ${(error as Error).message}\n`;
  }
}
