/** Words of the Train view. */
export const trainText = {
  drop: {
    title: "Start with pictures",
    hint: "Drop a folder, a zip or pictures here. A few hundred of one kind of thing work best.",
    over: "Drop to use these pictures",
    folder: "Choose a folder",
    files: "Choose files or a zip",
    faces: "Try the built-in faces",
    run: "Open a saved run",
    formats: "JPEG, PNG, WebP, GIF and BMP. JPEG and PNG are decoded exactly as the command line does; " +
      "the other formats by this browser.",
  },
  kept: {
    title: "Runs in this browser",
    hint: "This browser may delete them if its disk gets full: save those that matter.",
    inMemory: "This page cannot keep files in this browser: a run lives in memory until you save it.",
    size: (bytes: number) =>
      bytes < 1e6
        ? `${Math.max(1, Math.round(bytes / 1e3))} KB`
        : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`,
    running: "trains in another tab",
    damaged: "damaged",
    empty: "no checkpoint yet",
    goOn: "Go on",
    open: "Open",
    save: "Save",
    delete: "Delete",
    of: (action: string, name: string) => `${action}: ${name}`,
    sure: (name: string) => `Delete ${name}? It cannot be brought back.`,
    deleted: (name: string) => `Deleted ${name}`,
  },
  private: "No picture leaves this computer: the page sends nothing, and may load nothing from elsewhere.",
  reading: "Reading the pictures…",
  pictures: {
    title: "Pictures",
    count: (count: number) => `${count.toLocaleString("en")} ${count === 1 ? "picture" : "pictures"}`,
    classes: (count: number) => `in ${count} folders`,
    shown: (count: number, size: string) =>
      `${count} of the real pictures, as training sees them: ${size} pixels`,
    skipped: (count: number) => `${count} ${count === 1 ? "file was" : "files were"} left out`,
    others: "Use other pictures",
    faces: "Built-in faces",
    loose: "Pictures",
  },
  settings: {
    title: "Training",
    minutes: "Minutes to train",
    size: "Size of the pictures",
    sizeAuto: "Chosen for you",
    pixels: (edge: number) => `${edge} × ${edge} pixels`,
    recipe: "Recipe",
    recipes: {
      auto: "Automatic: sized for this machine",
      few: "Few pictures: under about 500",
      small: "Small networks, 32 × 32: for slow machines",
      modern: "R3GAN's loss and penalties",
      pytorch: "PyTorch's DCGAN example",
      paper: "The paper of 2015",
    },
    flip: "Mirror pictures at random",
    advanced: "More settings",
    seed: "Seed",
    batch: "Pictures in a step (batch)",
    ngf: "Width of the generator (ngf)",
    ndf: "Width of the discriminator (ndf)",
    steps: "Steps, instead of minutes",
    open: "auto",
    start: "Start training",
  },
  run: {
    title: "Run",
    preparing: "Getting ready…",
    timing: "Timing a few steps to choose sizes for this machine…",
    running: "Training",
    paused: "Paused",
    stepping: "Doing one step…",
    saving: "Saving…",
    changing: "Changing the settings…",
    done: "Done",
    failed: "Stopped",
    opened: "Opened",
    step: (step: number, of: number) => `Step ${step.toLocaleString("en")} of ${of.toLocaleString("en")}`,
    speed: (images: string) => `${images} pictures a second`,
    left: (time: string) => `about ${time} left`,
    passes: (passes: string) => `${passes} passes over the pictures`,
    minutes: (count: number) => `${count} min`,
    seconds: (count: number) => `${count} s`,
    hours: (hours: number, minutes: number) => `${hours} h ${minutes} min`,
    plan: (size: string, ngf: number, ndf: number, batch: number) =>
      `${size} pixels, ngf ${ngf}, ndf ${ndf}, batch ${batch}`,
    adapter: (name: string) => `On ${name}`,
    software: "This browser computes on the processor, not on a graphics card. Training is slow here.",
    pause: "Pause",
    resume: "Continue",
    more: (steps: number) => `Train ${steps.toLocaleString("en")} more steps`,
  },
  steps: {
    title: "One step at a time",
    hint: "While paused. A step of one network alone is not counted, nor kept in the numbers of the run.",
    both: "Both",
    discriminator: "Discriminator",
    generator: "Generator",
    done: {
      both: (step: number) => `Step ${step} done`,
      discriminator: "The discriminator learned once more",
      generator: "The generator learned once more",
    },
  },
  change: {
    title: "Change while it trains",
    hint: "Weights and the state of the optimizers stay.",
    generatorRate: "Learning rate of the generator",
    discriminatorRate: "Learning rate of the discriminator",
    loss: "Loss",
    losses: {
      "non-saturating": "Non-saturating (the original)",
      "minimax": "Minimax",
      "least-squares": "Least squares",
      "hinge": "Hinge",
      "wasserstein": "Wasserstein",
      "rpgan": "Relativistic pairs (R3GAN)",
    },
    augment: "Augment what the discriminator sees",
    kinds: { color: "Color", flip: "Flip", translation: "Shift", cutout: "Cutout" },
    flip: "Mirror pictures at random",
    apply: "Apply",
    applied: (step: number) => `Changed from step ${step + 1} on`,
    same: "Nothing to change",
  },
  samples: {
    title: "Samples",
    caption: (count: number, step: number) =>
      `${count} samples at step ${step.toLocaleString("en")}, always from the same latent vectors`,
    none: "The first samples appear here in a moment.",
    real: "Real pictures",
  },
  curves: {
    title: "Curves",
    losses: "Losses",
    generatorLoss: "Generator",
    discriminatorLoss: "Discriminator",
    verdicts: "How real the discriminator finds them",
    real: "Real pictures",
    fake: "Samples",
    step: "Step",
    summary: (name: string, lines: readonly string[]) => `${name}. ${lines.join(", ")}`,
    latest: (name: string, value: string) => `${name} ${value}`,
  },
  notices: {
    title: "What to know",
    atStep: (step: number) => `Step ${step.toLocaleString("en")}`,
    kinds: {
      "too-few-steps":
        "So few steps hardly draw more than noise. Give it more minutes, or choose smaller pictures.",
      "too-few-pictures":
        "These are few pictures: the samples may become copies of them. More pictures help most; the recipe for " +
        "few pictures and mirroring help too.",
      "discriminator-wins":
        "The discriminator tells real from fake with ease, so that the generator learns little. Halve the " +
        "discriminator's learning rate.",
      "vanished-gradients":
        "The samples stand still, as the discriminator wins. Halve the discriminator's learning rate, or start " +
        "again with another seed.",
      "samples-alike":
        "The samples look alike: the generator may have collapsed. Halve both learning rates, or start again with " +
        "another seed.",
      "memorized":
        "The samples are near copies of your pictures: the networks have memorized them. More pictures help most; " +
        "mirroring and augmentation help too.",
      "no-progress": "The samples no longer get better. More steps will hardly help.",
    },
    nan:
      "Numbers became too large, so training stopped. The run went back to its last good checkpoint: lower the " +
      "learning rates, and continue.",
    full:
      "This browser has no room left for the run, so training stopped. Delete other runs or free some of the " +
      "disk. Then continue from the last checkpoint.",
    details: "Details",
  },
  verdicts: {
    noise: "The samples are still noise. Train longer.",
    early: "The samples are still alike, as they often are in the first 1,500 steps. Train longer.",
    alike: "The samples are alike. Start again with lower learning rates or another seed.",
    copies: "The samples are near copies of your pictures. Add pictures, or mirror them.",
    rough: "The samples are rough. Most get better with more steps.",
    fair: "The samples are fair. More steps or larger networks may improve them.",
    good: "The samples are good. Explore them.",
  },
  save: {
    title: "Keep it",
    hint: "A zip of the run, as the command line writes runs. Unpack it, and go on with",
    command: (run: string, data: string) =>
      `deno run -A jsr:@x/dcgan/cli train --resume ${run} --data ${data}`,
    save: "Save the run",
    saved: (name: string) => `Saved as ${name}`,
    kept: (step: number) =>
      `Kept in this browser, up to step ${
        step.toLocaleString("en")
      }. You may close the tab, and go on later.`,
    inMemory: "It lives in memory until you save it.",
    again: "New run",
    discard: "This run is not saved. Start anew anyway?",
  },
  open: {
    opened: (name: string, step: number) => `Opened ${name} at step ${step}`,
    needsPictures: (data: string) =>
      `To train this run further, give it its pictures again (${data}). You can explore it without them.`,
    give: "Choose the pictures",
  },
  gpu: {
    title: "This browser cannot use the graphics card yet",
    why: "The studio needs WebGPU.",
    chrome:
      "Use Chrome or Edge 113 or later, and keep hardware acceleration on in the settings under System.",
    chromeLinux:
      "On Linux, open chrome://flags, turn on “Unsafe WebGPU Support” and “Vulkan”, and start the browser again.",
    firefox:
      "Use Firefox 141 or later on Windows, 145 or later on a Mac. Elsewhere open about:config, and set " +
      "dom.webgpu.enabled to true.",
    safari: "Use Safari 26 or later, on macOS 26, iOS 26 or later.",
    other: "Use a current Chrome, Edge, Firefox or Safari.",
    insecure:
      "Browsers have WebGPU only on https pages, on this computer itself, and in files opened from the disk.",
    noAdapter: "WebGPU is there, but found no graphics driver. Update the driver of the graphics card.",
    commandLine: "Or train in the terminal, which needs no graphics card:",
    retry: "Try again",
  },
  errors: {
    title: "That did not work",
    nothingUsable: "None of these files is a picture, a zip of pictures or a run.",
  },
};
