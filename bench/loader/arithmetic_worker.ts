/** A worker that does nothing but arithmetic, as often as it is told, and answers when it is done. */
const scope = globalThis as unknown as {
  postMessage(result: number): void;
  onmessage: (event: MessageEvent<number>) => void;
};

scope.onmessage = ({ data: times }) => {
  let value = 0;
  for (let i = 0; i < times; i++) value = Math.imul(value ^ i, 2654435761);
  scope.postMessage(value);
};
