/**
 * The module of a thread that decodes one large JPEG.
 *
 * @module
 */
import { decodeMozjpeg } from "./mozjpeg.ts";
import { type Picture, PictureError } from "../picture.ts";

/** What it sends: that it is there, and then the picture or what is wrong with it. */
export type ApartReply = "ready" | Picture | { readonly failure: string };

const scope = globalThis as unknown as {
  postMessage(reply: ApartReply, transfer?: Transferable[]): void;
  onmessage: (event: MessageEvent<Uint8Array>) => void;
};

scope.onmessage = async ({ data: bytes }) => {
  try {
    const picture = await decodeMozjpeg(bytes);
    scope.postMessage(picture, [picture.data.buffer as ArrayBuffer]);
  } catch (cause) {
    if (!(cause instanceof PictureError)) throw cause;
    scope.postMessage({ failure: cause.message });
  }
};
scope.postMessage("ready");
