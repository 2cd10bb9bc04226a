/** jax-js on WebGPU, with strided convolutions written as dense ones. */
import { defaultDevice, init } from "@jax-js/jax";
import { problemFromArguments } from "../problem.ts";
import { serve } from "../protocol.ts";
import { openJax } from "./jax.ts";
import { denseConvolutions } from "./jax_convolutions.ts";

await serve(async () => {
  await init("webgpu");
  defaultDevice("webgpu");
  return openJax(problemFromArguments(), denseConvolutions);
});
