/**
 * Starts the worker, whose source the page holds. A page that was opened from the disk may start no worker
 * from another file, so it is started from a blob.
 */
export function startWorker(): Worker {
  const source = document.getElementById("worker")!.textContent!;
  return new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
}
