import type { Peers } from "../gpu/mod.ts";
import { type Library, loadLibrary, MpiError } from "./library.ts";
import { launchedFamily } from "./launcher.ts";
import { bytesOf, Messages } from "./messages.ts";

/** A rank among all that a launcher of MPI started together. */
export interface Ranks extends Peers, AsyncDisposable {
  /** Its place among the ranks of its machine, and their number. */
  readonly local: { readonly rank: number; readonly size: number };
  /** Name and version of the library, as in "Open MPI 4.1.4". */
  readonly library: string;
  /**
   * Passes the bytes of rank 0 to all, which give none. The others wait for them as long as it takes, if rank 0 gives
   * signs of life meanwhile, as it does by itself while its event loop runs.
   */
  broadcast(bytes?: Uint8Array): Promise<Uint8Array>;
  /** Ends all ranks with one sentence, unless these facts are the same on all of them. */
  agree(facts: Readonly<Record<string, string>>): Promise<void>;
  /** Ends all ranks at once, after a line on standard error that says why and names this one. */
  abort(reason: string): never;
}

/** Options of {@linkcode openRanks}. */
export interface OpenRanksOptions {
  /**
   * Seconds after which ranks that others wait for count as hanging: all end then.
   *
   * @default {120}
   */
  hangAfter?: number;
}

/** Tags of messages. */
const TAGS = { hello: 1, bytes: 2, told: 3, length: 4 } as const;

/** Messages of more bytes are sent once all peers are there. */
const LARGE = 2 ** 16;

/** Milliseconds in which a launcher passes on what a rank wrote. */
const FORWARDING = 300;

/** Seconds that others leave to the one who tells why all end. */
const TELLING = 5;

/** What rank 0 sends in place of a length, to say that it is still there. */
const ALIVE = -1;

/** What rank 0 sends in place of a length, to say that no more comes. */
const ENDED = -2;

/** Signs of life of rank 0 in the time after which it would count as hanging. */
const SIGNS = 4;

/**
 * Joins the other ranks, as one that `mpirun`, `srun` or another launcher of MPI started. Open MPI and MPICH are found at run
 * time, through Deno's foreign function interface (`--allow-ffi`). Dispose it when all is done: ranks wait for each other
 * there.
 *
 * @throws {MpiError} if MPI cannot be loaded, or fails.
 */
export function openRanks({ hangAfter = 120 }: OpenRanksOptions = {}): Promise<Ranks> {
  const library = loadLibrary();
  const { call, handles, handleBytes } = library;
  const messages = new Messages(library);
  // MPI_Init() sets the same variables under any launcher
  const isLaunchedByOpenMpi = launchedFamily() === "Open MPI";
  const number = new Int32Array(1);
  messages.expect("MPI_Init_thread", call.MPI_Init_thread(null, null, THREAD_FUNNELED, number));
  messages.expect(
    "MPI_Comm_set_errhandler",
    call.MPI_Comm_set_errhandler(handles.world, handles.errorsReturn),
  );
  const ask = (name: "MPI_Comm_rank" | "MPI_Comm_size", of: bigint): number => {
    messages.expect(name, call[name](of, number));
    return number[0]!;
  };
  const near = new BigInt64Array(1);
  messages.expect(
    "MPI_Comm_split_type",
    call.MPI_Comm_split_type(handles.world, handles.shared, 0, handles.noInfo, near),
  );
  const machine = handleBytes === 8 ? near[0]! : BigInt(new Int32Array(near.buffer)[0]!);
  return Promise.resolve(
    new MpiRanks(library, messages, { hangAfter, isLaunchedByOpenMpi }, {
      rank: ask("MPI_Comm_rank", handles.world),
      size: ask("MPI_Comm_size", handles.world),
      local: { rank: ask("MPI_Comm_rank", machine), size: ask("MPI_Comm_size", machine) },
    }),
  );
}

/** `MPI_THREAD_FUNNELED`: one thread calls MPI. */
const THREAD_FUNNELED = 1;

class MpiRanks implements Ranks {
  readonly rank: number;
  readonly size: number;
  readonly local: { readonly rank: number; readonly size: number };
  readonly library: string;
  readonly #mpi: Library;
  readonly #messages: Messages;
  readonly #hangAfter: number;
  readonly #isLaunchedByOpenMpi: boolean;

  constructor(
    mpi: Library,
    messages: Messages,
    { hangAfter, isLaunchedByOpenMpi }: { readonly hangAfter: number; readonly isLaunchedByOpenMpi: boolean },
    { rank, size, local }: Pick<Ranks, "rank" | "size" | "local">,
  ) {
    this.#mpi = mpi;
    this.#messages = messages;
    this.#hangAfter = hangAfter;
    this.#isLaunchedByOpenMpi = isLaunchedByOpenMpi;
    this.rank = rank;
    this.size = size;
    this.local = local;
    this.library = mpi.version;
    if (rank === 0 && size > 1) this.#giveSigns();
    addEventListener("unload", this.#endOthers);
  }

  async gather(own: Uint8Array, into: Uint8Array): Promise<void> {
    const place = (rank: number) => into.subarray(rank * own.length, (rank + 1) * own.length);
    place(this.rank).set(own);
    await this.#swap((rank) => [own, place(rank)]);
  }

  async exchange(parts: readonly Uint8Array[], into: readonly Uint8Array[]): Promise<void> {
    await this.#swap((rank) => [parts[rank]!, into[rank]!]);
  }

  async broadcast(bytes?: Uint8Array): Promise<Uint8Array> {
    const messages = this.#messages;
    if (this.rank === 0) {
      const length = bytesOf(bytes!.length);
      for (const rank of this.#others()) {
        messages.send(rank, TAGS.length, length);
        messages.send(rank, TAGS.told, bytes!);
      }
      // Others may open a dataset meanwhile, which can take a download
      await messages.done(false);
      return bytes!;
    }
    const length = await this.#hearLength();
    if (length === ENDED) {
      throw new MpiError("Cannot hear rank 0: it has ended, and this rank waits for its word");
    }
    const told = new Uint8Array(length);
    messages.receive(0, TAGS.told, told);
    await messages.done(true);
    return told;
  }

  async agree(facts: Readonly<Record<string, string>>): Promise<void> {
    const own = new TextEncoder().encode(JSON.stringify(facts));
    const lengths = new Float64Array(this.size);
    await this.gather(bytesOf(own.length), new Uint8Array(lengths.buffer));
    const each = Math.max(...lengths);
    const padded = new Uint8Array(each);
    padded.set(own);
    const all = new Uint8Array(each * this.size);
    await this.gather(padded, all);
    const factsOf = (rank: number): Record<string, string> =>
      JSON.parse(new TextDecoder().decode(all.subarray(rank * each, rank * each + lengths[rank]!)));
    const first = factsOf(0);
    for (const rank of this.#others(0)) {
      const others = factsOf(rank);
      const name = Object.keys(first).find((name) => first[name] !== others[name]);
      if (name === undefined) continue;
      await this.#tellAll(
        `All ranks must have the same ${name}: rank ${rank} has ${others[name]}, and rank 0 has ${
          first[name]
        }`,
        0,
      );
    }
  }

  abort(reason: string): never {
    this.#say(`Rank ${this.rank} failed, and all ranks end: ${reason}`);
    Deno.exit(1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#signs);
    if (this.rank === 0) {
      for (const rank of this.#others()) this.#messages.send(rank, TAGS.length, bytesOf(ENDED));
      await this.#messages.done(false);
    } else {
      // MPI wants all messages received, also signs of life
      while (await this.#hearLength() !== ENDED);
    }
    removeEventListener("unload", this.#endOthers);
    this.#messages.expect("MPI_Finalize", this.#mpi.call.MPI_Finalize());
  }

  /** The other ranks: next ones first, so that not all begin with the same one. */
  *#others(from = this.rank): Generator<number> {
    for (let i = 1; i < this.size; i++) yield (from + i) % this.size;
  }

  /** The next length that rank 0 tells, or that it has ended. */
  async #hearLength(): Promise<number> {
    const length = new Float64Array(1);
    do {
      this.#messages.receive(0, TAGS.length, new Uint8Array(length.buffer));
      await this.#messages.done(false, this.#late());
    } while (length[0] === ALIVE);
    return length[0]!;
  }

  /** Sends to each other rank, and receives from it. */
  async #swap(of: (rank: number) => readonly [give: Uint8Array, get: Uint8Array]): Promise<void> {
    const messages = this.#messages;
    const late = this.#late();
    const isLarge = [...this.#others()].some((rank) => of(rank)[0].length > LARGE);
    if (isLarge) {
      const rooms = new Map<number, Uint8Array>();
      for (const rank of this.#others()) {
        const room = new Uint8Array(1);
        rooms.set(rank, room);
        messages.receive(rank, TAGS.hello, room);
        messages.send(rank, TAGS.hello, HELLO);
      }
      await messages.done(false, late);
    }
    for (const rank of this.#others()) {
      const [give, get] = of(rank);
      messages.receive(rank, TAGS.bytes, get);
      messages.send(rank, TAGS.bytes, give);
    }
    await messages.done(isLarge, late);
  }

  /** What becomes of ranks that do not come. */
  #late(): { readonly seconds: number; readonly then: (peers: number[]) => void } {
    return { seconds: this.#hangAfter, then: (peers) => void this.#endHanging(peers) };
  }

  #signs: ReturnType<typeof setInterval> | undefined;

  /** Says now and then that rank 0 is there, to others that may wait for its word. */
  #giveSigns(): void {
    const messages = new Messages(this.#mpi);
    this.#signs = setInterval(() => {
      // Those that have not taken the last one need no other
      if (!messages.isDone()) return;
      for (const rank of this.#others()) messages.send(rank, TAGS.length, bytesOf(ALIVE));
    }, this.#hangAfter * 1000 / SIGNS);
    Deno.unrefTimer(this.#signs);
  }

  #isEnding = false;

  /** Ends all, as these ranks do not come. */
  async #endHanging(peers: number[]): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const names = `${peers.length === 1 ? "rank" : "ranks"} ${peers.join(", ")}`;
    const first = Array.from({ length: this.size }, (_, rank) => rank).find((rank) => !peers.includes(rank));
    await this.#tellAll(
      `All ranks end: the others have waited ${this.#hangAfter} seconds for ${names}, which ${
        peers.length === 1 ? "hangs" : "hang"
      }`,
      first ?? 0,
    );
  }

  /** Ends all ranks with a sentence that one of them says. */
  async #tellAll(sentence: string, teller: number): Promise<never> {
    if (this.rank !== teller) await new Promise((resolve) => setTimeout(resolve, TELLING * 1000));
    // Whoever is still there has waited in vain for the teller, who may have come later or hang itself
    this.#say(sentence);
    Deno.exit(1);
  }

  #say(sentence: string): void {
    Deno.stderr.writeSync(new TextEncoder().encode(`error: ${sentence}\n`));
    // Launchers that are told to end a job forget what they have not passed on yet
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FORWARDING);
  }

  /** Ends the others of a rank that ends before it is disposed. Not every launcher does, as `srun` does not. */
  readonly #endOthers = (): void => {
    // That of Open MPI does. Told to, version 4.1 sometimes hangs over what it wants to say of it
    if (this.#isLaunchedByOpenMpi) return;
    this.#mpi.call.MPI_Abort(this.#mpi.handles.world, Deno.exitCode || 1);
  };
}

const HELLO = new Uint8Array(1);
