/**
 * As much of ZeroMQ's wire protocol as a client of a Jupyter kernel needs (ZMTP 3.0, https://rfc.zeromq.org/spec/23):
 * no encryption, TCP, messages of several frames.
 *
 * @module
 */

/** Bits of a frame's first byte. */
const [MORE, LONG, COMMAND] = [1, 2, 4];

/** Kinds of sockets that a client of a kernel has. */
export type SocketType = "DEALER" | "SUB";

/** One end of a connection. */
export class ZmtpSocket implements Disposable {
  readonly #connection: Deno.TcpConn;
  readonly #type: SocketType;
  #rest = new Uint8Array(0);

  private constructor(connection: Deno.TcpConn, type: SocketType) {
    this.#connection = connection;
    this.#type = type;
  }

  /**
   * Connects, and shakes hands. A `SUB` subscribes to everything.
   *
   * @throws {Deno.errors.ConnectionRefused} if nobody listens yet.
   */
  static async connect(port: number, type: SocketType): Promise<ZmtpSocket> {
    const socket = new ZmtpSocket(await Deno.connect({ hostname: "127.0.0.1", port }), type);
    try {
      await socket.#shakeHands();
    } catch (error) {
      socket[Symbol.dispose]();
      throw error;
    }
    return socket;
  }

  async #shakeHands(): Promise<void> {
    const greeting = new Uint8Array(64);
    greeting.set([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0]);
    greeting.set(new TextEncoder().encode("NULL"), 12);
    await this.#write(greeting);
    await this.#take(64);
    await this.#write(frame(COMMAND, readyCommand(this.#type)));
    const { flags } = await this.#takeFrame();
    if ((flags & COMMAND) === 0) throw new Error("Cannot talk to the kernel: it must answer with READY");
    if (this.#type === "SUB") await this.#write(frame(0, Uint8Array.of(1)));
  }

  /** Sends a message. */
  async send(frames: readonly Uint8Array[]): Promise<void> {
    for (const [i, body] of frames.entries()) {
      await this.#write(frame(i + 1 < frames.length ? MORE : 0, body));
    }
  }

  /** Waits for a message. */
  async receive(): Promise<Uint8Array[]> {
    const frames: Uint8Array[] = [];
    for (;;) {
      const { flags, body } = await this.#takeFrame();
      if ((flags & COMMAND) !== 0) continue;
      frames.push(body);
      if ((flags & MORE) === 0) return frames;
    }
  }

  async #takeFrame(): Promise<{ flags: number; body: Uint8Array }> {
    const [flags = 0] = await this.#take(1);
    const head = await this.#take((flags & LONG) !== 0 ? 8 : 1);
    const length = head.length === 1 ? head[0]! : Number(new DataView(head.buffer).getBigUint64(0));
    return { flags, body: await this.#take(length) };
  }

  async #take(length: number): Promise<Uint8Array> {
    const taken = new Uint8Array(length);
    for (let at = 0;;) {
      const part = this.#rest.subarray(0, length - at);
      taken.set(part, at);
      this.#rest = this.#rest.subarray(part.length);
      at += part.length;
      if (at === length) return taken;
      const chunk = new Uint8Array(2 ** 16);
      const count = await this.#connection.read(chunk);
      if (count === null) throw new Error("The kernel has closed the connection");
      this.#rest = chunk.subarray(0, count);
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await this.#connection.write(bytes.subarray(at));
  }

  /** Closes the connection. */
  [Symbol.dispose](): void {
    this.#connection.close();
  }
}

function frame(flags: number, body: Uint8Array): Uint8Array {
  const head = new Uint8Array(body.length < 256 ? 2 : 9);
  if (head.length === 2) head.set([flags, body.length]);
  else {
    head[0] = flags | LONG;
    new DataView(head.buffer).setBigUint64(1, BigInt(body.length));
  }
  const whole = new Uint8Array(head.length + body.length);
  whole.set(head);
  whole.set(body, head.length);
  return whole;
}

/** `READY`, with the type of the socket. */
function readyCommand(type: SocketType): Uint8Array {
  const text = `\x05READY\x0bSocket-Type\0\0\0${String.fromCharCode(type.length)}${type}`;
  return new TextEncoder().encode(text);
}
