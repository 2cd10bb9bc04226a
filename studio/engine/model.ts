import type { TrainConfig } from "../../src/dcgan/options/config.ts";

/** What the page knows of the open model. */
export interface ModelFacts {
  /** Counts up with every model that is opened, so that old results can be told from new ones. */
  readonly id: number;
  /** Name that the page shows, such as that of the folder of pictures. */
  readonly name: string;
  /** The run's options. */
  readonly config: TrainConfig;
  /** Steps done. */
  readonly step: number;
  /** Learned numbers of both networks. */
  readonly parameters: { readonly generator: number; readonly discriminator: number };
}

/** Pictures as the page draws them: NHWC bytes, one after another. */
export interface Pictures {
  /** How many. */
  readonly count: number;
  /** Width of each in pixels. */
  readonly width: number;
  /** Height of each in pixels. */
  readonly height: number;
  /** 1 for gray, 2 for gray with alpha, 3 for color, 4 for color with alpha. */
  readonly channels: 1 | 2 | 3 | 4;
  /** Levels from 0 to 255. */
  readonly data: Uint8Array;
}
