/**
 * Texts of policies, scenarios, traces and processes as they may stand in a terminal or in the log of a CI: data that is
 * read, and commands nothing. JSON needs none of this, it has escapes of its own.
 */

/** What a terminal acts on, and what turns the direction of text or ends lines unseen; not the tab and the line feed. */
const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;
const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r' };

/** Commands of GitHub's runner, which passes over space before them; of it, Azure's and TeamCity's anywhere in a line. */
const commandAtStart = /^(\s*):(?=:)/gm;
const commandInside = /#(?=#(?:vso|teamcity)?\[)/g;

/** Lines with control characters escaped (`\x1b`). */
export function plain(text: string): string {
  return text.replace(hidden, escaped);
}

/** Lines that no terminal and no CI acts on: of `::error::` the first sign is escaped, too. */
export function shown(text: string): string {
  return plain(text).replace(commandAtStart, '$1\\x3a').replace(commandInside, '\\x23');
}

/** The same in one line. */
export function shownLine(text: string): string {
  return shown(text.replaceAll('\n', escaped));
}

/** Each control character as one sign, where columns count. */
export function oneColumnEach(text: string): string {
  return text.replace(/\s/g, ' ').replace(hidden, '\ufffd');
}

function escaped(char: string): string {
  const code = char.charCodeAt(0).toString(16);
  return short[char] ?? (code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`);
}
