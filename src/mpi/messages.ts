import { type Library, MpiError } from "./library.ts";

/** Most bytes of one message: MPI counts them in 31 bits. */
const MOST_BYTES = 2 ** 30;

/** Milliseconds of testing without a pause before the first one. */
const SPINNING = 0.1;

/** Microseconds of the first pause, and of the longest. */
const PAUSES = [30, 1000] as const;

/** Milliseconds of testing without a pause while all are there, after which the event loop has a turn. */
const TURN = 4;

/** Milliseconds between two tests at most, in a process that runs. */
const LONGEST_PAUSE = 1000;

/** What is under way between ranks. */
export class Messages {
  readonly #library: Library;
  #requests: {
    readonly request: Uint8Array<ArrayBuffer>;
    readonly memory: Uint8Array;
    readonly peer: number;
  }[] = [];

  /** Of a library. */
  constructor(library: Library) {
    this.#library = library;
  }

  /** Begins to send bytes, which must stay as they are until all is done. */
  send(peer: number, tag: number, bytes: Uint8Array): void {
    this.#start("MPI_Isend", peer, tag, bytes);
  }

  /** Begins to receive as many bytes as there is room for. */
  receive(peer: number, tag: number, room: Uint8Array): void {
    this.#start("MPI_Irecv", peer, tag, room);
  }

  #start(name: "MPI_Isend" | "MPI_Irecv", peer: number, tag: number, bytes: Uint8Array): void {
    const { call, handles, handleBytes } = this.#library;
    for (let first = 0; first === 0 || first < bytes.length; first += MOST_BYTES) {
      // Small arrays may move in memory; those that a view was made of do not
      const memory = bytes.subarray(first, first + MOST_BYTES);
      const request = new Uint8Array(handleBytes);
      const code = call[name](
        memory as BufferSource,
        memory.length,
        handles.byte,
        peer,
        tag,
        handles.world,
        request,
      );
      this.expect(name, code);
      this.#requests.push({ request, memory, peer });
    }
  }

  /**
   * Waits until all that was begun is done.
   *
   * @param isNear Whether all peers are known to be there: then nothing but the bytes is waited for.
   * @param late Called after some seconds, with the peers that are still waited for, until it is all done.
   */
  async done(
    isNear: boolean,
    late?: { readonly seconds: number; readonly then: (peers: number[]) => void },
  ): Promise<void> {
    const began = performance.now();
    let pause: number = PAUSES[0];
    let turn = began;
    // A process that was stopped itself did not wait for others
    let [waited, last] = [0, began];
    for (;;) {
      this.#test();
      if (this.#requests.length === 0) return;
      const now = performance.now();
      waited += Math.min(now - last, LONGEST_PAUSE);
      last = now;
      if (isNear) {
        if (now - turn < TURN) continue;
        await new Promise((resolve) => setTimeout(resolve, 0));
        turn = performance.now();
      } else if (now - began > SPINNING) {
        await this.#library.sleep(pause);
        pause = Math.min(PAUSES[1], pause * 1.5);
      }
      if (late && waited > late.seconds * 1000) {
        late.then([...new Set(this.#requests.map(({ peer }) => peer))].toSorted((a, b) => a - b));
      }
    }
  }

  /** Whether all that was begun is done, without waiting for it. */
  isDone(): boolean {
    this.#test();
    return this.#requests.length === 0;
  }

  /** Forgets the requests that are done. */
  #test(): void {
    const { call, handles } = this.#library;
    this.#requests = this.#requests.filter(({ request }) => {
      const flag = new Int32Array(1);
      this.expect("MPI_Testall", call.MPI_Testall(1, request, flag, handles.noStatuses));
      return flag[0] === 0;
    });
  }

  /** Throws if a function of MPI failed. */
  expect(name: string, code: number): void {
    if (code === 0) return;
    const [bytes, length] = [new Uint8Array(8192), new Int32Array(1)];
    this.#library.call.MPI_Error_string(code, bytes, length);
    throw new MpiError(`${name}() of MPI failed: ${new TextDecoder().decode(bytes.subarray(0, length[0]))}`);
  }
}

/** A number as it is sent. */
export function bytesOf(value: number): Uint8Array {
  return new Uint8Array(new Float64Array([value]).buffer);
}
