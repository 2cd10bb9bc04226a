/**
 * Frees the memory of an array that is no longer used. The collector would do so too, but pictures of a few
 * kilobytes, thousands in a second, make it run all the time: in threads of its own, beside those that
 * decode. What is a view of something larger stays.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached && buffer.byteLength === byteLength) {
    buffer.transfer(0);
  }
}
