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

/** In the kernel's `struct pt_regs`, eight bytes each. */
const inOrder = [
  ...['r15', 'r14', 'r13', 'r12', 'bp', 'bx', 'r11', 'r10', 'r9', 'r8', 'ax', 'cx', 'dx', 'si', 'di'],
  ...['orig_ax', 'ip', 'cs', 'flags', 'sp'],
];
const wholeBytes = 8;
const sizes: Readonly<Record<string, number>> = { d: 4, w: 2, b: 1 };

/** Where a register, or the low part of one that is named, lies in `struct pt_regs`: bytes. Undefined for other names. */
export function registerPlace(name: string): { readonly offset: number; readonly size: number } | undefined {
  if (!registers.has(name)) return undefined;
  const place = (whole: string, size: number) => ({ offset: wholeBytes * inOrder.indexOf(whole), size });
  const [, digits, part = ''] = /^(r\d+)([dwb]?)$/.exec(name) ?? [];
  if (digits !== undefined) return place(digits, sizes[part] ?? wholeBytes);
  if (inOrder.includes(name)) return place(name, 2);
  if (/^[re]/.test(name)) return place(name.slice(1), name.startsWith('r') ? wholeBytes : 4);
  const low = name.slice(0, -1);
  return place(inOrder.includes(low) ? low : `${low}x`, 1);
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
