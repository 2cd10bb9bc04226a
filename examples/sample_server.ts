/**
 * An HTTP server that draws from a trained run: `GET /?count=16&seed=7` answers with a PNG.
 *
 *     deno run -A examples/sample_server.ts runs/photos-1
 */
import {
  type Channels,
  composeGrid,
  type Device,
  encodePng,
  generateBytes,
  loadGenerator,
  openDevice,
  sidesOf,
} from "@x/dcgan";

/** Starts to serve a run folder, or a state dict. One GPU draws for all requests, one after another. */
export async function serveSamples(
  device: Device,
  run: string,
  options: Deno.ServeTcpOptions = {},
): Promise<Deno.HttpServer<Deno.NetAddr>> {
  const { generator, size, channels, latent, latentDistribution } = await loadGenerator(device, run);
  let queue: Promise<unknown> = Promise.resolve();

  async function draw(count: number, seed: number): Promise<Response> {
    const data = await generateBytes(generator, { count, seed, latent, latentDistribution });
    const grid = composeGrid({ ...sidesOf(size), channels: channels as Channels, data });
    return new Response(await encodePng(grid) as Uint8Array<ArrayBuffer>, {
      headers: { "content-type": "image/png" },
    });
  }

  return Deno.serve(options, (request) => {
    const { searchParams } = new URL(request.url);
    const count = Number(searchParams.get("count") ?? 16);
    const seed = Number(searchParams.get("seed") ?? 0);
    if (!Number.isInteger(count) || count < 1 || count > 256) {
      return new Response(`count must be a whole number from 1 to 256, found ${count}`, { status: 400 });
    }
    if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
      return new Response(`seed must be a whole number from 0 to 2^32 - 1, found ${seed}`, { status: 400 });
    }
    const answer = queue.then(() => draw(count, seed));
    queue = answer.catch(() => {}); // a request that fails must not stop those behind it
    return answer;
  });
}

if (import.meta.main) {
  const [run] = Deno.args;
  if (run === undefined) {
    throw new Error("Name a run folder: deno run -A examples/sample_server.ts runs/photos-1");
  }
  using device = await openDevice();
  const server = await serveSamples(device, run);
  await server.finished;
}
