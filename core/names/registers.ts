/** Registers of the x86-64 processor, and what a uprobe's Override may assign to them. */

const named = ['ax', 'bx', 'cx', 'dx'].flatMap((name) => [
  `r${name}`,
  `e${name}`,
  name,
  `${name.charAt(0)}l`,
]);
const pointers = ['si', 'di', 'bp', 'sp'].flatMap((name) => [`r${name}`, `e${name}`, name, `${name}l`]);
const numbered = [8, 9, 10, 11, 12, 13, 14, 15].flatMap((number) =>
  ['', 'd', 'w', 'b'].map((part) => `r${number}${part}`),
);
const registers: ReadonlySet<string> = new Set(['rip', 'eip', ...named, ...pointers, ...numbered]);

/** True for a register or a part of one: rax, eax, ax, al. */
export function isRegister(name: string): boolean {
  return registers.has(name);
}

const number = String.raw`-?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]*|[1-9][0-9_]*)`;
const forms: readonly RegExp[] = [
  // A constant.
  new RegExp(`^${number}$`),
  // A register, perhaps with an offset: `%rax`, `8%rsp`.
  new RegExp(`^(?:${number})?\\s*%(?<register>\\w+)$`),
  // What a register points to: `(%rsp)`, `8(%rsp)`.
  new RegExp(`^(?:${number})?\\s*\\(\\s*%\\s*(?<register>\\w+)\\s*\\)$`),
];

/** True for an assignment such as `rax=0`, `rip=(%rsp)` or `rsp=8%rsp`. */
export function isAssignment(text: string): boolean {
  const [target = '', value, ...rest] = text.split('=').map((part) => part.trim());
  if (value === undefined || rest.length > 0 || !isRegister(target)) return false;
  return forms.some((form) => {
    const match = form.exec(value);
    const register = match?.groups?.['register'];
    return match !== null && (register === undefined || isRegister(register));
  });
}
