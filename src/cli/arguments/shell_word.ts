/** A path, or whatever a person typed, as a shell takes it for one word. */
export function shellWord(text: string): string {
  if (/\p{Cc}/u.test(text)) return `$'${text.replaceAll(/[\\'\p{Cc}]/gu, escaped)}'`;
  return /^[\w./:@%+=~,\\-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A character as `$'…'` of bash and zsh has it. */
function escaped(character: string): string {
  if (character === "\\" || character === "'") return `\\${character}`;
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
