/** jax-js on WebGPU, as it comes. */
import { defaultDevice, init } from "@jax-js/jax";
import { problemFromArguments } from "../problem.ts";
import { serve } from "../protocol.ts";
import { openJax } from "./jax.ts";
import { ownConvolutions } from "./jax_convolutions.ts";

await serve(async () => {
  await init("webgpu");
  defaultDevice("webgpu");
  return openJax(problemFromArguments(), ownConvolutions);
});
