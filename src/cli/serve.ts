import type { Command } from "@commander-js/extra-typings";
import { SERVE_KINDS } from "../dcgan/serve/serve_options.ts";
import { checkpointFlag } from "./arguments/checkpoint_flag.ts";
import { given } from "./arguments/given.ts";
import { invocation } from "./arguments/invocation.ts";
import { averageFlag, optionOf } from "./arguments/option_of.ts";
import { checkRun } from "./explore/generator_command.ts";
import {
  GENERATOR_ARGUMENT,
  latentDistributionFlag,
  networkFlag,
  noAverageFlag,
  offlineFlag,
} from "./explore/generator_flags.ts";
import { loadServe } from "./load_library.ts";
import type { Session } from "./session.ts";
import { Interrupt } from "./terminal/interrupt.ts";

const GENERATOR = "Generator:";
const LIMITS = "Limits:";

/** Adds `serve` to the program. */
export function addServeCommand(program: Command, session: Session): void {
  program.command("serve")
    .description(
      "serve images of a trained generator over HTTP, for programs and for a browser on this machine",
    )
    .argument("<run>", GENERATOR_ARGUMENT)
    .addOption(
      optionOf(
        "--host <address>",
        "address to listen at; beyond this machine with 0.0.0.0, without a password (default: 127.0.0.1)",
        SERVE_KINDS.host,
      ),
    )
    .addOption(optionOf("--port <number>", "port; 0 for a free one (default: 8000)", SERVE_KINDS.port))
    .addOption(
      optionOf(
        "--cors <origin>",
        "origin whose web pages may ask too, such as https://example.com, or * for all (default: none)",
        SERVE_KINDS.cors,
      ),
    )
    .addOption(checkpointFlag("draw from").helpGroup(GENERATOR))
    .addOption(
      noAverageFlag().helpGroup(GENERATOR),
    )
    .addOption(averageFlag("draw from").helpGroup(GENERATOR))
    .addOption(networkFlag().helpGroup(GENERATOR))
    .addOption(offlineFlag().helpGroup(GENERATOR))
    .addOption(
      latentDistributionFlag().helpGroup(GENERATOR),
    )
    .addOption(
      optionOf(
        "--batch <images>",
        "images of several requests that are drawn together at most (default: 64)",
        SERVE_KINDS.batch,
      ).helpGroup(LIMITS),
    )
    .addOption(
      optionOf(
        "--queue <images>",
        "images that wait at most; requests beyond get status 503 (default: 1024)",
        SERVE_KINDS.queue,
      ).helpGroup(LIMITS),
    )
    .addOption(
      optionOf(
        "--patience <seconds>",
        "how long a request waits at most; then it gets status 503 (default: 30)",
        SERVE_KINDS.patience,
      ).helpGroup(LIMITS),
    )
    .addHelpText(
      "after",
      `
What it serves:
  /sample                  images of a seed: seed, seeds, count, class, truncation, scale, format (png, webp, npy)
  /interpolate             images between seeds: seeds, steps, loop, class, truncation, scale, format (png: rows;
                           webp: a film)
  /health                  JSON: what is served, and how many images wait
  /generator.safetensors   the generator's weights, which PyTorch can load
  /                        a page for a browser

The checkpoint is chosen once: if the run trains on, start the server anew. Ctrl-C and SIGTERM end it: it
finishes the images that it is drawing.

Examples:
  $ ${invocation()} serve runs/faces-1
  $ ${invocation()} serve runs/faces-1 --from best --port 9000

Then, in another terminal:
  $ curl "http://127.0.0.1:8000/sample?seed=7&count=16" -o grid.png
  $ curl "http://127.0.0.1:8000/sample?seeds=7:23&scale=8" -o one.png
  $ curl "http://127.0.0.1:8000/sample?count=64&format=npy" -o array.npy
  $ curl "http://127.0.0.1:8000/interpolate?seeds=1,5,9&format=webp" -o film.webp
  $ curl http://127.0.0.1:8000/health`,
    )
    .action(async (run, { ema, ...flags }) => {
      if (!await checkRun(run, session, flags)) return;
      const { openDevice, serve } = await loadServe();
      using device = await openDevice();
      await using server = await serve(device, run, { ...given(flags), ...ema ? {} : { ema } });
      const { url, step, warnings } = server;
      // Who reads that it serves may end it at once
      using interrupt = new Interrupt(
        () =>
          session.terminal.write(
            "Stopping, what is being drawn is finished. Press Ctrl-C again to stop at once.\n",
          ),
        session.strayErrors.signal,
      );
      const what = step === undefined ? run : `${run} at step ${step}`;
      for (const warning of warnings) session.terminal.writeError(`warning: ${warning}\n`);
      session.output.result(
        "server",
        { run, url, ...step === undefined ? {} : { step }, warnings },
        `Serving ${what}: ${url} (Ctrl-C to stop)\n`,
      );
      await new Promise<void>((resolve) => interrupt.signal.addEventListener("abort", () => resolve()));
    });
}
