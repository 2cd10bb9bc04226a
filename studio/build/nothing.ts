/** Takes the place of a module that browsers cannot load. Whoever imports it does without. */
export default undefined;
