import "../../../src/host/on_native.ts";
import { assertEquals } from "@std/assert";
import { SharedBudget } from "../../../plugins/datasets/decoding/shared_budget.ts";

const MiB = 2 ** 20;

/** A thread that takes memory, says so, and gives it back when it is told to. */
function taker(shared: SharedArrayBuffer, thread: number, bytes: number) {
  const module = new URL("../../../plugins/datasets/decoding/shared_budget.ts", import.meta.url).href;
  const code = `
    import { SharedBudget } from ${JSON.stringify(module)};
    onmessage = ({ data: { shared, thread, bytes } }) => {
      const budget = new SharedBudget(shared, thread);
      budget.begin();
      budget.take(bytes);
      postMessage("taken");
      onmessage = () => {
        budget.giveBack();
        postMessage("given back");
      };
    };`;
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  const next = () => new Promise((resolve) => worker.onmessage = ({ data }) => resolve(data));
  const taken = next();
  worker.postMessage({ shared, thread, bytes });
  return {
    taken,
    giveBack() {
      worker.postMessage("");
      return next();
    },
    end() {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}

/** Waits until something is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

Deno.test("SharedBudget lets pictures wait that need more than is free, in turn, and no small ones", async () => {
  const shared = SharedBudget.share(4);
  const budgets = Array.from({ length: 4 }, (_, thread) => new SharedBudget(shared, thread));
  const first = taker(shared, 0, 500 * MiB);
  await first.taken;
  // More than there is in all, so that it gets all
  const second = taker(shared, 1, 5000 * MiB);
  await until(() => budgets[1]!.state.waits);
  const third = taker(shared, 2, 60 * MiB);
  await until(() => budgets[2]!.state.waits);
  // A small one is not even counted
  budgets[3]!.take(40 * MiB);
  assertEquals(budgets[3]!.state, { begun: 0, waits: false });
  assertEquals(budgets[1]!.state, { begun: 1, waits: true });
  await first.giveBack();
  assertEquals(await second.taken, "taken");
  assertEquals(budgets[2]!.state.waits, true);
  await second.giveBack();
  assertEquals(await third.taken, "taken");
  for (const thread of [first, second, third]) thread.end();
});

Deno.test("SharedBudget frees what a thread had that was ended, and its turn", async () => {
  const shared = SharedBudget.share(3);
  const budgets = Array.from({ length: 3 }, (_, thread) => new SharedBudget(shared, thread));
  const first = taker(shared, 0, 800 * MiB);
  await first.taken;
  const second = taker(shared, 1, 800 * MiB);
  await until(() => budgets[1]!.state.waits);
  const third = taker(shared, 2, 800 * MiB);
  await until(() => budgets[2]!.state.waits);
  second.end();
  budgets[1]!.end();
  first.end();
  budgets[0]!.end();
  assertEquals(await third.taken, "taken");
  third.end();
});
