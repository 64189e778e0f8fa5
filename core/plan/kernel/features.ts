/** Parts of the language that came with a kernel version or a helper function. */
import { kernelName } from '../../kernels/kernel-facts.ts';
import { isBefore } from '../../kernels/release.ts';
import { argumentOf } from '../../policy/addressed.ts';
import type { KernelFinding, KernelRule } from './finding.ts';

export const features: KernelRule = (context, kernel) => {
  const findings: KernelFinding[] = [];
  const add = (path: readonly (string | number)[], message: string, refused: boolean, help: string): void => {
    findings.push({ code: 'TR-kernel-feature', path, message, refused, help });
  };
  const { spec } = context.document;
  // Tetragon itself compares the version for these, whatever was ported back.
  const isBelow = (version: string): boolean => isBefore(kernelName(kernel), version) === true;

  if (spec.loader === true && isBelow('5.19')) {
    add(['spec', 'loader'], 'loader events need a kernel of 5.19 or later', true, 'Remove `loader`.');
  }
  for (const { hook, path, section } of context.hooks) {
    if (section === 'fentries' && kernel.has('fentry') === false) {
      add(path, 'the kernel has no fentry programs', true, 'Use kprobes.');
    }
    hook.args?.forEach(({ type, resolve }, index) => {
      const at = [...path, 'args', index];
      if (type === 'sockaddr_un' && isBelow('5.11'))
        add(
          [...at, 'type'],
          'the type sockaddr_un needs a kernel of 5.11 or later',
          true,
          'Use another argument.',
        );
      if (resolve !== '' && isBelow('5.4'))
        add([...at, 'resolve'], 'resolve needs a kernel of 5.4 or later', true, 'Read the argument itself.');
    });
  }
  for (const { entry, expanded } of context.sites) {
    const { selector, listPath } = expanded;
    for (const list of ['matchArgs', 'matchData', 'matchReturnArgs'] as const) {
      selector[list]?.forEach((filter, index) => {
        const path = [...listPath(list), index];
        const needed =
          filter.operator === 'SubString'
            ? 'strnstr'
            : filter.operator === 'SubStringIgnCase'
              ? 'strncasestr'
              : undefined;
        if (needed !== undefined && kernel.has(needed) === false) {
          const refused = entry.section === 'uprobes' || entry.section === 'usdts';
          const message = `${filter.operator} ${refused ? 'does not load' : 'loads, but never matches'}: the kernel has no bpf_${needed}`;
          add(
            [...path, 'operator'],
            message,
            refused,
            `It came with ${needed === 'strnstr' ? '6.17' : '6.19'}; use Prefix or Postfix.`,
          );
        }
        const longest = (filter.values ?? []).reduce((most, value) => Math.max(most, byteLength(value)), 0);
        if (/^(Not)?Equal$/.test(filter.operator) && longest > 510 && isBelow('5.11')) {
          const type = argumentOf(entry, list, filter)?.type;
          if (type !== undefined && !/int|size_t|long|cap/.test(type))
            add(
              path,
              'texts of more than 510 bytes need a kernel of 5.11 or later',
              true,
              'Compare a part of it.',
            );
        }
      });
    }
    selector.matchActions?.forEach(({ imaHash }, index) => {
      if (imaHash === true && isBelow('5.11'))
        add(
          [...listPath('matchActions'), index, 'imaHash'],
          'imaHash needs a kernel of 5.11 or later',
          true,
          'Remove it.',
        );
    });
  }
  return findings;
};

const encoder = new TextEncoder();
const byteLength = (text: string): number => encoder.encode(text).length;
