import { type Pickled, readPickle } from "../pickle/pickle.ts";
import type { ByteSource } from "../zip/byte_source.ts";
import { isReadable, memberOf, zipEntries } from "../zip/zip_entries.ts";
import { readMember, type ZipMember } from "../zip/zip_member.ts";
import type { StorageBytes } from "./storages.ts";

/** What `torch.save` wrote: a pickle, and the storages beside it. */
export interface Container {
  /** What was saved. */
  readonly saved: Pickled;
  /** The storages. */
  readonly storages: StorageBytes;
}

/** Most members of a file. One tensor takes one. */
const MOST_MEMBERS = 10_000;

/** Most bytes of the pickle: names and shapes alone take some hundred each. */
export const MOST_PICKLE = 2 ** 26;

/**
 * Opens the zip that `torch.save` writes since PyTorch 1.6: the pickle `archive/data.pkl`, and each storage
 * as `archive/data/KEY`.
 *
 * @throws {SyntaxError} if it is damaged, or another zip; as the end of a sentence.
 */
export async function openZipContainer(source: ByteSource, path: string): Promise<Container> {
  const members = await membersOf(source);
  const pickle = members.keys().find((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickle === undefined) {
    throw new SyntaxError("it is a zip without a data.pkl, so torch.save did not write it");
  }
  const folder = pickle.slice(0, -"data.pkl".length);
  if (
    members.has(`${folder}constants.pkl`) || members.keys().some((name) => name.startsWith(`${folder}code/`))
  ) {
    const target = path.replace(/\.[A-Za-z0-9]+$/, "") + "-weights.pth";
    throw new SyntaxError(
      `it is a program of TorchScript (torch.jit.save). Save its state dict, in Python: ` +
        `torch.save(torch.jit.load(${JSON.stringify(path)}, map_location="cpu").state_dict(), ${
          JSON.stringify(target)
        })`,
    );
  }
  const order = members.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(read(order, "byteorder", source, 16)) !== "little") {
    throw new SyntaxError("its numbers have their highest byte first. Save it again on a usual machine");
  }
  const saved = readPickle(read(members.get(pickle)!, pickle, source, MOST_PICKLE)).value;
  return {
    saved,
    storages: {
      fileSize: source.size,
      read(key, size) {
        const name = `${folder}data/${key}`;
        const member = members.get(name);
        if (!member) throw new SyntaxError(`its storage ${JSON.stringify(key)} is missing`);
        const found = member.packed.size;
        if (found !== size) {
          throw new SyntaxError(`its member ${name} must have ${size} bytes, found ${found}`);
        }
        return read(member, name, source, size);
      },
    },
  };
}

/** The members of a zip that can be read, by name. */
async function membersOf(source: ByteSource): Promise<Map<string, Required<ZipMember>>> {
  const members = new Map<string, Required<ZipMember>>();
  try {
    for await (const entry of zipEntries(source, { anyName: true })) {
      if (members.size === MOST_MEMBERS) {
        throw new SyntaxError(`it has more than the ${MOST_MEMBERS} members that are read`);
      }
      if (!entry.directory && !entry.encrypted && isReadable(entry)) {
        members.set(entry.filename, memberOf(entry));
      }
    }
  } catch (cause) {
    if (cause instanceof SyntaxError) throw cause;
    throw new SyntaxError(
      `it must be a whole zip, found "${(cause as Error).message}" (truncated, or damaged)`,
      {
        cause,
      },
    );
  }
  return members;
}

/** Reads a member. */
function read(
  member: Required<ZipMember>,
  name: string,
  source: ByteSource,
  most: number,
): Uint8Array<ArrayBuffer> {
  const { size } = member.packed;
  if (size > most) throw new SyntaxError(`its member ${name} must have at most ${most} bytes, found ${size}`);
  try {
    return readMember(member, source);
  } catch (cause) {
    const { message } = cause as Error;
    throw new SyntaxError(`its member ${name} cannot be read: ${message}`, { cause });
  }
}
