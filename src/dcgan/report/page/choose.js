// The page has all files of this folder in one script, which a linter of one file cannot know
// deno-lint-ignore-file no-unused-vars

/** Groups that samples are put into, and what they are for. */
const GROUPS = ["A", "B", "C"];

/** Samples that are chosen by a click on a grid, and the commands that take them. */
class ChosenSamples {
  #places = { columns: 1, names: [], classes: null };
  #path = "";
  #group = GROUPS[0];
  /** Whether the grid that is shown has these samples. */
  #fits = true;
  /** Group of each chosen sample, by its name. */
  #chosen = new Map();

  constructor() {
    this.tiles = make("div", { class: "tiles", role: "group", "aria-label": "Samples to choose from" });
    this.groups = GROUPS.map((name) => {
      const button = make(
        "button",
        { type: "button", "aria-label": `Choose samples of group ${name}` },
        name,
      );
      button.addEventListener("click", () => {
        this.#group = name;
        this.#show();
      });
      return button;
    });
    this.clear = make("button", { type: "button" }, "Clear");
    this.clear.addEventListener("click", () => {
      this.#chosen.clear();
      this.#show();
      // The button hides: the keyboard must go on from somewhere
      this.groups[GROUPS.indexOf(this.#group)].focus();
    });
    this.text = make("p", { class: "faint" });
    this.commands = make("div", { role: "status" });
    this.element = make(
      "div",
      { class: "choose" },
      make("div", { class: "controls" }, "Group", ...this.groups, this.clear),
      this.text,
      this.commands,
    );
    this.tiles.addEventListener("keydown", (event) => this.#move(event));
    this.tiles.addEventListener("focusin", ({ target }) => {
      for (const tile of this.tiles.children) tile.tabIndex = tile === target ? 0 : -1;
    });
  }

  /** Takes the names of the samples of a report. */
  update({ places, path }) {
    this.#path = path;
    const isSame = places.columns === this.#places.columns &&
      places.names.join() === this.#places.names.join();
    this.#places = places;
    if (!isSame) {
      const { columns, width, height, padding } = places;
      this.tiles.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
      // Half of the padding belongs to the tile beside it
      this.tiles.style.inset = `${50 * padding / height}% ${50 * padding / width}%`;
      this.tiles.replaceChildren(...places.names.map((name, at) => {
        const tile = make("button", { type: "button", title: name, tabindex: at === 0 ? "0" : "-1" });
        tile.addEventListener("click", () => this.#toggle(name));
        return tile;
      }));
    }
    this.#show();
  }

  /** Takes the grid that is shown. One that was drawn before `--samples` changed has other samples in its places. */
  fit({ naturalWidth, naturalHeight }) {
    this.#fits = naturalWidth === this.#places.width && naturalHeight === this.#places.height;
    this.#show();
  }

  #toggle(name) {
    if (this.#chosen.get(name) === this.#group) this.#chosen.delete(name);
    else this.#chosen.set(name, this.#group);
    this.#show();
  }

  /** Arrow keys go from sample to sample: with tab alone, the rest of the page would be 64 steps away. */
  #move(event) {
    const { columns } = this.#places;
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    const tiles = [...this.tiles.children];
    const next = by && tiles[tiles.indexOf(event.target) + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  #show() {
    const { names, classes } = this.#places;
    this.tiles.hidden = !this.#fits;
    for (const button of this.groups) {
      button.setAttribute("aria-pressed", `${button.textContent === this.#group}`);
    }
    for (const [at, tile] of [...this.tiles.children].entries()) {
      const group = this.#chosen.get(names[at]);
      tile.textContent = group ?? "";
      tile.setAttribute("aria-pressed", `${group !== undefined}`);
      tile.setAttribute("aria-label", `Sample ${names[at]}${group ? `, group ${group}` : ""}`);
    }
    const [a, b, c] = GROUPS.map((group) => names.filter((name) => this.#chosen.get(name) === group));
    const all = [...a, ...b, ...c];
    this.clear.hidden = all.length === 0;
    const ofClasses = classes && [...new Set(all.map((name) => classes[names.indexOf(name)]))];
    const lines = [];
    if (all.length >= 2 && (ofClasses?.length ?? 1) === 1) {
      const drawn = ofClasses ? ` --class=${quoted(ofClasses[0])}` : "";
      lines.push(`interpolate ${quoted(this.#path)} --seeds ${all}${drawn}`);
    }
    if (a.length > 0 && b.length > 0) {
      const third = c.length > 0 ? ` --c ${c}` : "";
      lines.push(`arithmetic ${quoted(this.#path)} --a ${a} --b ${b}${third}`);
    }
    this.text.textContent = [
      this.#fits
        ? ""
        : "The grid of this step was drawn with other options: choose from one of a later step.",
      lines.length > 0
        ? "Commands for these samples. They draw the last checkpoint, where samples of earlier steps look different."
        : "Click samples to get a command for them: two or more to draw what lies between them, and groups A, B and C " +
          "for A - B + C.",
      ofClasses?.length > 1 ? "What lies between samples can be drawn only of one class." : "",
    ].filter((sentence) => sentence !== "").join(" ");
    this.commands.replaceChildren(
      ...lines.map((line) =>
        make("p", {}, make("code", { class: "command" }, `deno run -A jsr:@x/dcgan/cli ${line}`))
      ),
    );
  }
}

/** A path as shells take it. */
function quoted(path) {
  return /^[\w./:\\-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
