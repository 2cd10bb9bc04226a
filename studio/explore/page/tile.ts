import { drawPictures } from "../../page/draw_pictures.ts";
import { element } from "../../page/element.ts";
import type { Sample } from "./sample.ts";

/** What is dragged now: pages cannot pass objects along with a drag. */
let carried: Sample | undefined;

/** A canvas with the picture of a sample. */
export function canvasOf({ picture, name }: Sample): HTMLCanvasElement {
  const canvas = element("canvas", { class: "pictures", role: "img", "aria-label": name });
  drawPictures(canvas, picture);
  return canvas;
}

/**
 * A picture that can be chosen by a click, Enter or the space bar, and dragged. It is no `button` element:
 * Firefox drags none.
 *
 * @param of The picture as it is when it is dragged: it may be drawn anew.
 * @param label What screen readers read.
 */
export function tile(of: () => Sample, label: string, choose: () => void): HTMLElement {
  const canvas = canvasOf(of());
  canvas.removeAttribute("role");
  canvas.setAttribute("aria-hidden", "true");
  return element(
    "div",
    {
      role: "button",
      tabindex: 0,
      class: "tile",
      draggable: "true",
      title: of().name,
      "aria-label": label,
      click: choose,
      keydown: (event) => {
        const { key } = event as KeyboardEvent;
        if (key !== "Enter" && key !== " ") return;
        event.preventDefault();
        choose();
      },
      dragstart: (event) => {
        carried = of();
        const { dataTransfer } = event as DragEvent;
        if (!dataTransfer) return;
        dataTransfer.setData("text/plain", of().name);
        dataTransfer.effectAllowed = "copy";
        dataTransfer.setDragImage(canvas, 8, 8);
      },
      dragend: () => carried = undefined,
    },
    canvas,
  );
}

/** Has an element take pictures that are dropped on it. */
export function takesTiles(place: HTMLElement, take: (sample: Sample) => void): void {
  place.addEventListener("dragover", (event) => {
    if (!carried) return;
    event.preventDefault();
    place.classList.add("over");
  });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    place.classList.remove("over");
    if (!carried) return;
    event.preventDefault();
    event.stopPropagation();
    take(carried);
    carried = undefined;
  });
}
