/** A server on loopback that says byte for byte what a test wants, true or not. */

/** A request. */
export interface Asked {
  /** How many requests came before. */
  readonly count: number;
  /** First line: `GET /a.bin HTTP/1.1`. */
  readonly line: string;
  /** Headers, their names in small letters. */
  readonly headers: ReadonlyMap<string, string>;
}

/** An answer. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: Uint8Array;
  /** Milliseconds to wait once all this was sent, before the connection is closed. */
  readonly silence?: number;
}

/** Serves while `use` runs. */
export async function withServer(
  answer: (asked: Asked) => Answer,
  use: (url: string, asked: readonly Asked[]) => Promise<void>,
): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const all: Asked[] = [];
  const open = new Set<Deno.Conn>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const handle = async (connection: Deno.Conn): Promise<void> => {
    open.add(connection);
    try {
      const asked = await readRequest(connection, all.length);
      all.push(asked);
      const { status = 200, headers = {}, body = new Uint8Array(), silence = 0 } = answer(asked);
      const lines = Object.entries({ connection: "close", ...headers }).map(([name, value]) =>
        `${name}: ${value}\r\n`
      );
      await write(connection, new TextEncoder().encode(`HTTP/1.1 ${status} So\r\n${lines.join("")}\r\n`));
      await write(connection, body);
      if (silence > 0) {
        await new Promise<void>((resolve) => timers.add(setTimeout(resolve, silence)));
      }
      connection.close();
    } catch {
      // Whoever asked has gone, as it should once it knows enough
    } finally {
      open.delete(connection);
    }
  };
  const accepting = (async () => {
    try {
      for await (const connection of listener) handle(connection);
    } catch {
      // The listener was closed
    }
  })();
  try {
    await use(`http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`, all);
  } finally {
    listener.close();
    for (const timer of timers) clearTimeout(timer);
    for (const connection of open) connection.close();
    await accepting;
  }
}

async function write(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await connection.write(bytes.subarray(written));
}

async function readRequest(connection: Deno.Conn, count: number): Promise<Asked> {
  let text = "";
  const bytes = new Uint8Array(4096);
  while (!text.includes("\r\n\r\n")) {
    const length = await connection.read(bytes);
    if (length === null) throw new Error("the request ended early");
    text += new TextDecoder().decode(bytes.subarray(0, length));
  }
  const [line = "", ...rest] = text.split("\r\n");
  const headers = new Map(
    rest.filter((header) => header !== "").map((header) => {
      const split = header.indexOf(":");
      return [header.slice(0, split).toLowerCase(), header.slice(split + 1).trim()];
    }),
  );
  return { count, line, headers };
}
