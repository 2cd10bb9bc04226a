/** A multiply-add of AMD's instruction sets, alone, in a pair, or two in one instruction. */
const MULTIPLY_ADD = /^v_(dual_)?(pk_)?fma/;

/**
 * Instructions of the block of a kernel with the most multiply-adds, which is its main loop if its loop is unrolled;
 * undefined if it has none. The text is what Mesa gives for AMD's cards: blocks open with `BB7:`, and a comment holds
 * the machine code.
 */
export function mainLoopInstructions(assembly: string): number | undefined {
  let best: { readonly multiplyAdds: number; readonly instructions: number } | undefined;
  for (const block of assembly.split(/^BB\d+:$/m)) {
    const lines = block.split("\n").map((line) => line.trim()).filter((line) => /^[sv]_|^[a-z]+_/.test(line));
    const multiplyAdds = lines.filter((line) => MULTIPLY_ADD.test(line)).length;
    if (multiplyAdds > (best?.multiplyAdds ?? 0)) best = { multiplyAdds, instructions: lines.length };
  }
  return best?.instructions;
}
