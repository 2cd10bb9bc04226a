/** What clients do one request after another. */
export interface Load {
  /** How many clients ask at once. */
  readonly clients: number;
  /** Milliseconds. */
  readonly duration: number;
  /** The path that request `number` asks for. */
  readonly path: (number: number) => string;
  /** Headers of each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The status code that is expected. */
  readonly status?: number;
}

/** How a server bore a load. */
export interface LoadResult {
  /** Requests a second. */
  readonly rate: number;
  /** Milliseconds that half of the requests took at most. */
  readonly p50: number;
  /** Milliseconds that 99 of 100 took at most. */
  readonly p99: number;
}

/**
 * Has clients ask a server, each for its next answer once it has the last one.
 *
 * @throws {Error} if an answer has another status code.
 */
export async function measureLoad(
  url: string,
  { clients, duration, path, headers = {}, status = 200 }: Load,
): Promise<LoadResult> {
  const times: number[] = [];
  const began = performance.now();
  let number = 0;
  const client = async () => {
    while (performance.now() - began < duration) {
      const start = performance.now();
      const response = await fetch(url + path(number++), { headers });
      await response.bytes();
      if (response.status !== status) throw new Error(`${path(0)}: status ${response.status}`);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const seconds = (performance.now() - began) / 1000;
  times.sort((a, b) => a - b);
  return { rate: times.length / seconds, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

/** The least of sorted numbers that a share of them does not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
