import type { Device } from "../../gpu/mod.ts";
import type { DocumentOf } from "../json/documents.ts";
import { loadLibrary } from "../load_library.ts";
import type { Session } from "../session.ts";
import { type Watch, watching } from "../terminal/watching.ts";

/** The parts of the library that the GPU is needed for. */
type Library = Awaited<ReturnType<typeof loadLibrary>>;

/** What a command that draws is given. */
export interface Drawing extends Watch {
  readonly device: Device;
  readonly library: Library;
  /** Shows how many frames of a file were written. */
  readonly frames: (file: string) => (done: number, total: number) => void;
}

/** What came of it, for programs and, in a line, for people. */
export interface DrawingResult extends Omit<DocumentOf<"files">, "command"> {
  readonly summary: string;
}

/**
 * Opens the GPU, draws, and says what was written. Ctrl-C ends it.
 *
 * @returns Whether it came to its end.
 */
export async function drawing(
  session: Session,
  draw: (drawing: Drawing) => Promise<DrawingResult>,
): Promise<boolean> {
  const library = await loadLibrary();
  return await writing(session, async (watch) => {
    using device = await library.openDevice();
    return await draw({ ...watch, device, library, frames: (file) => framesOf(file, watch.progress) });
  });
}

/**
 * Writes pictures or a film, and says so. Ctrl-C ends it.
 *
 * @returns Whether it came to its end.
 */
export async function writing(
  session: Session,
  write: (watch: Watch) => Promise<DrawingResult>,
): Promise<boolean> {
  let written: DrawingResult | undefined;
  await watching(session, async (watch) => {
    written = await write(watch);
    for (const warning of written.warnings) watch.report(`warning: ${warning}`);
  }, { remains: "no file is written" });
  if (!written) return false;
  const { summary, ...files } = written;
  session.output.files(files, `${summary}\n`);
  return true;
}

/** Shows how many frames of a file were written. */
export function framesOf(file: string, progress: Watch["progress"]): (done: number, total: number) => void {
  return (done, total) => progress({ what: file, done, total, unit: "images" });
}
