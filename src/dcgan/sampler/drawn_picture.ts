import { encodePlainPng } from "../../pictures/png/plain_png.ts";
import type { Picture } from "../../pictures/picture.ts";

/** A picture that was drawn. */
export class DrawnPicture implements Picture {
  /** Pixels across. */
  readonly width: number;
  /** Pixels down. */
  readonly height: number;
  /** 1 for gray, 2 for gray with alpha, 3 for color, 4 for color with alpha. */
  readonly channels: Picture["channels"];
  /** Its bytes, `[height, width, channels]`. */
  readonly data: Uint8Array<ArrayBuffer>;

  /** Of these bytes. */
  constructor({ width, height, channels, data }: Picture & { readonly data: Uint8Array<ArrayBuffer> }) {
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.data = data;
  }

  /** Red, green, blue and alpha of each pixel, as canvases take them: `new ImageData(picture.rgba(), picture.width)`. */
  rgba(): Uint8ClampedArray<ArrayBuffer> {
    const { channels, data } = this;
    const pixels = data.length / channels;
    const hasAlpha = channels % 2 === 0;
    const rgba = new Uint8ClampedArray(pixels * 4);
    for (let at = 0; at < pixels; at++) {
      for (let color = 0; color < 3; color++) {
        rgba[at * 4 + color] = data[at * channels + (channels < 3 ? 0 : color)]!;
      }
      rgba[at * 4 + 3] = hasAlpha ? data[(at + 1) * channels - 1]! : 255;
    }
    return rgba;
  }

  /** The bytes of a PNG file. */
  png(): Promise<Uint8Array<ArrayBuffer>> {
    return encodePlainPng(this);
  }
}
