/** What each rank of a test runs: the last one does what the argument says, while the others wait for it. */
import "../../src/host/on_native.ts";
import { openRanks } from "../../src/mpi/mod.ts";

const [fault] = Deno.args;
await using ranks = await openRanks({ hangAfter: 2 });
const isLast = ranks.rank === ranks.size - 1;
await ranks.agree({ version: isLast && fault === "version" ? "1.3.0" : "1.2.0", adapter: "the same" });
if (isLast && fault === "throw") ranks.abort("the disk of pictures is gone");
if (isLast && fault === "hang") await new Promise((resolve) => setTimeout(resolve, 60_000));
await ranks.gather(new Uint8Array(8), new Uint8Array(8 * ranks.size));
console.log("all came");
