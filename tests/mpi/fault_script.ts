/**
 * What each rank of a test runs: the last one does what the argument says, while the others wait for it; or the first one,
 * while they wait for its word.
 */
import "../../src/host/on_native.ts";
import { openRanks } from "../../src/mpi/mod.ts";

const [fault] = Deno.args;
await using ranks = await openRanks({ hangAfter: fault === "apart" ? 7 : 2 });
const isLast = ranks.rank === ranks.size - 1;
await ranks.agree({ version: isLast && fault === "version" ? "1.3.0" : "1.2.0", adapter: "the same" });
if (isLast && fault === "throw") ranks.abort("the disk of pictures is gone");
if (isLast && (fault === "hang" || fault === "apart")) {
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}
const isFirst = ranks.rank === 0;
if (isFirst && fault === "silent") Deno.kill(Deno.pid, "SIGSTOP");
if (isFirst && fault === "slow") await new Promise((resolve) => setTimeout(resolve, 5000));
// The one who tells for whom all wait comes when the others have nearly waited enough
if (isFirst && fault === "apart") await new Promise((resolve) => setTimeout(resolve, 6500));
if (isFirst && fault === "ended") Deno.exit(3);
if (fault !== "hang" && fault !== "apart") await ranks.broadcast(isFirst ? new Uint8Array(3) : undefined);
await ranks.gather(new Uint8Array(8), new Uint8Array(8 * ranks.size));
console.log("all came");
