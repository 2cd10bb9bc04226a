import type { Served } from "../../../../src/dcgan/serve/served.ts";

/** What is served of a made-up generator of 16x16 images. */
export function someServed(more: Partial<Served> = {}): Served {
  return {
    software: "@x/dcgan 1.0.0",
    run: "faces-1",
    step: 100,
    weights: "raw",
    generator: "abc",
    adapter: "some adapter",
    sides: { width: 16, height: 16 },
    channels: 3,
    latent: 100,
    latentDistribution: "normal",
    classes: undefined,
    ...more,
  };
}
