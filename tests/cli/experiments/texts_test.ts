import { assertEquals } from "@std/assert";
import { costText, percent } from "../../../src/cli/experiments/texts.ts";
import { PAPER_SVM, paperNearestNeighborCost, paperSvmCost } from "../../../src/dcgan/experiments/paper.ts";

Deno.test("percent() writes shares with a digit, and deviations beside them", () => {
  assertEquals([percent(0.5), percent(0.738, 0.004)], ["50.0 %", "73.8 ± 0.4 %"]);
});

Deno.test("costText() says how many operations, and what they take on a card", () => {
  assertEquals(costText({ flop: 12 }), "12 FLOP");
  assertEquals(costText({ flop: 3.4e12 }), "3.40 TFLOP");
  assertEquals(
    costText({ flop: 6e14, bytes: 2 ** 32 }),
    "600 TFLOP and 4.00 GiB on the GPU, about 1 min 00 s at 10 TFLOP/s",
  );
});

Deno.test("paperSvmCost() and paperNearestNeighborCost() are those of the paper's sizes", () => {
  // Six convolutions of 3x3 on 32x32: 268 million multiply-adds
  assertEquals(Math.round(PAPER_SVM.flopEach / 2e6), 268);
  const { flop, bytes } = paperSvmCost(7, 50);
  assertEquals(bytes, 50_000 * 28_672 * 4);
  assertEquals(flop, 60_000 * PAPER_SVM.flopEach + 7 * 50 * 4 * 50_000 * 28_672 * 10);
  assertEquals(paperNearestNeighborCost().flop, 2 * 1e7 * 1e4 * 784);
});
