/** A file that was given, and its path within what was given. */
export interface GivenFile {
  /** With slashes: `cats/1.jpg`. */
  readonly path: string;
  /** What it holds. */
  readonly file: File;
}

/**
 * The files that were dropped, those in folders as well, in the order of their paths.
 *
 * Call it while the event is handled: browsers empty the list afterwards.
 */
export async function droppedFiles(transfer: DataTransfer): Promise<GivenFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? undefined);
  const loose = [...transfer.files];
  if (entries.every((entry) => entry === undefined)) {
    return loose.map((file) => ({ path: file.name, file }));
  }
  const found = await Promise.all(entries.map((entry) => entry ? filesIn(entry) : []));
  return inOrder(found.flat());
}

/** Hears of files that are dropped anywhere on a view. */
export function takeDrops(view: HTMLElement, hear: (files: GivenFile[]) => Promise<void>): void {
  view.addEventListener("dragover", (event) => {
    event.preventDefault();
    event.stopPropagation();
  });
  view.addEventListener("drop", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const files = event.dataTransfer ? await droppedFiles(event.dataTransfer) : [];
    if (files.length > 0) await hear(files);
  });
}

/** The files of a file picker. */
export function pickedFiles(files: FileList): GivenFile[] {
  return inOrder([...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/** The name of what was given: that of its one folder or file, if it is one. */
export function nameOf(files: readonly GivenFile[]): string | undefined {
  const names = new Set(files.map(({ path }) => path.split("/")[0]!));
  return names.size === 1 ? [...names][0] : undefined;
}

function inOrder(files: GivenFile[]): GivenFile[] {
  return files.sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}

async function filesIn(entry: FileSystemEntry): Promise<GivenFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject)
    );
    return [{ path: entry.fullPath.replace(/^\//, ""), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const children: FileSystemEntry[] = [];
  // Each call gives about a hundred; none means that there are no more
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject)
    );
    if (some.length === 0) break;
    children.push(...some);
  }
  return (await Promise.all(children.map(filesIn))).flat();
}
