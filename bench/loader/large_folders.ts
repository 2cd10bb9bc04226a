import { fileURLToPath } from "node:url";
import { type Spread, spreadOf } from "../spread.ts";

/** What a process says of a folder that it opened. */
export interface OpenedFolder {
  /** Files in it. */
  readonly files: number;
  /** Seconds to open it. */
  readonly openSeconds: number;
  /** Seconds from the start of the process to the pixels of the first batch, where one was read. */
  readonly firstBatchSeconds?: number;
  /** Bytes of memory that the process took at most. */
  readonly peakBytes: number;
}

/** What several processes gave. */
export interface LargeFolderResult {
  /** What is in the folder. */
  readonly folder: string;
  /** Seconds to list it. */
  readonly openSeconds: Spread;
  /** Seconds from the start of the process to the pixels of the first batch, where one was read. */
  readonly firstBatchSeconds?: Spread;
  /** The most memory that a process took, in bytes. */
  readonly peakBytes: Spread;
}

/** Opens a folder in processes of their own. */
export async function measureFolder(
  path: string,
  name: string,
  { rounds, batch }: { rounds: number; batch: number },
): Promise<LargeFolderResult> {
  const script = fileURLToPath(new URL("./open_folder_child.ts", import.meta.url));
  const found: OpenedFolder[] = [];
  for (let round = 0; round < rounds; round++) {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", script, path, `${batch}`],
    }).output();
    const text = new TextDecoder();
    if (code !== 0) throw new Error(`The process that opens ${path} failed: ${text.decode(stderr)}`);
    found.push(JSON.parse(text.decode(stdout)));
  }
  const first = found.flatMap(({ firstBatchSeconds }) => firstBatchSeconds ?? []);
  return {
    folder: name,
    openSeconds: spreadOf(found.map(({ openSeconds }) => openSeconds)),
    ...(first.length > 0 ? { firstBatchSeconds: spreadOf(first) } : {}),
    peakBytes: spreadOf(found.map(({ peakBytes }) => peakBytes)),
  };
}

/** Makes empty files that are named like pictures, in ten folders. */
export function writeEmptyFiles(folder: string, count: number): void {
  for (let i = 0; i < count; i++) {
    const within = `${folder}/class-${Math.floor(i * 10 / count)}`;
    if (i * 10 % count < 10) Deno.mkdirSync(within, { recursive: true });
    Deno.openSync(`${within}/${String(i).padStart(7, "0")}.jpg`, { write: true, createNew: true }).close();
  }
}
