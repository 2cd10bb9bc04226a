/** Who takes part. */
export interface Contender {
  /** For people, and for `--only`. */
  readonly name: string;
  /** The program, from this folder. */
  readonly program: string;
  /** The `deno.json` with its imports, from this folder. */
  readonly config: string;
  /** Whether it draws samples too; one of those whose sampling is the same does. */
  readonly samples: boolean;
  /** Whether a peer's strided convolutions or their gradients are the library's own, where a faster way is known. */
  readonly asItComes: boolean;
}

const peer = { config: "deno.json", samples: true, asItComes: false } as const;

/** The product. */
export const OURS: Contender = { ...peer, name: "@x/dcgan", program: "ours.ts", config: "../../deno.json" };

/** All peers, in the order of the tables. */
export const PEERS: readonly Contender[] = [
  {
    ...peer,
    name: "TensorFlow.js webgpu, as it comes",
    program: "contestants/tensorflow_webgpu.ts",
    samples: false,
    asItComes: true,
  },
  {
    ...peer,
    name: "TensorFlow.js webgpu, better filter gradient",
    program: "contestants/tensorflow_webgpu_improved.ts",
  },
  { ...peer, name: "jax-js webgpu, as it comes", program: "contestants/jax_webgpu.ts", asItComes: true },
  { ...peer, name: "jax-js webgpu, dense convolutions", program: "contestants/jax_webgpu_improved.ts" },
  {
    ...peer,
    name: "TensorFlow.js wasm, better filter gradient",
    program: "contestants/tensorflow_wasm.ts",
  },
];
