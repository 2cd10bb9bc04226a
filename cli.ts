/**
 * The command line: trains DCGANs, draws from them, lists datasets, examines the machine.
 *
 * ```sh
 * deno run -A jsr:@x/dcgan/cli train --data ./photos
 * deno run -A jsr:@x/dcgan/cli sample runs/photos-1 --count 64 --seed 7 --out grid.png
 * deno run -A jsr:@x/dcgan/cli --help
 * ```
 *
 * Everything it does can be done from a script too: see the package's main entry point.
 *
 * @module
 */
import { main } from "./src/cli/main.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));
