import { assertEquals } from "@std/assert";
import { isOurs, isPython, OURS, oursBeside, PEERS, pytorchOn } from "../../../bench/peers/contenders.ts";

Deno.test("pytorchOn() is on no more threads than there are processors, in both layouts", () => {
  const names = (processors: number) => pytorchOn(processors).map(({ name }) => name);
  const [one, two] = ["PyTorch, 1 thread", "PyTorch, 2 threads"].map((name) => [
    `${name}, channels first`,
    `${name}, channels last`,
  ]);
  assertEquals(names(1), one!);
  assertEquals(names(2), [...one!, ...two!]);
  assertEquals(names(64), names(2));
  assertEquals(pytorchOn(2).map(({ wayOf }) => wayOf).slice(1, 3), [
    "PyTorch, 1 thread",
    "PyTorch, 2 threads",
  ]);
});

Deno.test("oursBeside() is ours on as many threads as a peer", () => {
  assertEquals(oursBeside(PEERS[0]!), OURS);
  const [one, , two] = pytorchOn(2);
  assertEquals(oursBeside(one!).name, "@x/dcgan, 1 thread");
  assertEquals(oursBeside(two!), { ...OURS, name: "@x/dcgan, 2 threads", threads: 2 });
  assertEquals([oursBeside(one!), OURS, one!, PEERS[0]!].map(isOurs), [true, true, false, false]);
});

Deno.test("isPython() tells who needs a Python", () => {
  assertEquals([OURS, ...PEERS].some(isPython), false);
  assertEquals(pytorchOn(2).every(isPython), true);
});
