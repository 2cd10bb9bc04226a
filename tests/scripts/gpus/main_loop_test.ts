import { assertEquals } from "@std/assert";
import { mainLoopInstructions } from "../../../scripts/gpus/compile/main_loop.ts";

Deno.test("mainLoopInstructions() counts the block with the most multiply-adds", () => {
  const assembly = [
    "BB0:",
    "\ts_load_b128 s[8:11], s[2:3], 0x30      ; f4080201 f8000030",
    "\tv_fma_f32 v1, v2, v3, v1               ; d6130001",
    "BB3:",
    "\tds_load_b128 v[4:7], v8                ; dbfc0000 04000008",
    "; a comment is no instruction",
    "\tv_fmac_f32_e32 v1, v4, v5              ; 56020b04",
    "\tv_dual_fmac_f32 v1, v4, v5 :: v_dual_fmac_f32 v2, v6, v7 ; c8000000",
    "\ts_cbranch_scc1 BB3                     ; bfa2fff0",
    "",
    "BB4:",
    "\ts_endpgm                               ; bfb00000",
    "",
  ].join("\n");
  assertEquals(mainLoopInstructions(assembly), 4);
});

Deno.test("mainLoopInstructions() of a kernel without multiply-adds is unknown", () => {
  assertEquals(mainLoopInstructions("BB0:\n\tv_add_u32 v1, v2, v3\n\ts_endpgm\n"), undefined);
});
