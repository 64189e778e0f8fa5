/** spec.options: names that mean something and the values they take. */
import { closest } from '../../values/closest.ts';
import type { PolicyDocument } from '../document.ts';
import type { RuleContext } from './rule.ts';

interface OptionRule {
  readonly takes: string;
  readonly accepts: (value: string) => boolean;
}

/** What Go's ParseBool takes. */
const truthy = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const falsy = ['0', 'f', 'F', 'FALSE', 'false', 'False'];
const boolean: OptionRule = {
  takes: 'true or false',
  accepts: (value) => truthy.includes(value) || falsy.includes(value),
};
const oneOf = (...words: string[]): OptionRule => ({
  takes: words.join(' or '),
  accepts: (value) => words.includes(value),
});

const known: Readonly<Record<string, OptionRule>> = {
  'disable-kprobe-multi': boolean,
  'disable-uprobe-multi': boolean,
  'override-method': oneOf('fmod-ret', 'override-return'),
  'policy-mode': oneOf('enforce', 'monitor'),
  'sleepable-preload-size': {
    takes: 'a number above 0',
    accepts: (value) => /^\+?\d{1,9}$/.test(value) && Number(value) > 0,
  },
};

export function options(context: RuleContext): void {
  context.document.spec.options?.forEach(({ name, value = '' }, index) => {
    const path = ['spec', 'options', index];
    const rule = Object.hasOwn(known, name) ? known[name] : undefined;
    if (rule === undefined) {
      const meant = closest(name, Object.keys(known));
      context.warning(
        'TR-option-unknown',
        [...path, 'name'],
        `Tetragon ignores the option \`${name}\``,
        `Known options: ${Object.keys(known).join(', ')}.`,
        { didYouMean: meant },
      );
    } else if (!rule.accepts(value)) {
      const at = context.document.has([...path, 'value']) ? [...path, 'value'] : path;
      context.error('TR-option', at, `\`${name}\` takes ${rule.takes}, not "${value}"`, 'Correct the value.');
    }
  });
}

/** The value of an option; of several the last counts. */
export function optionValue({ spec }: PolicyDocument, name: string): string | undefined {
  return spec.options?.findLast((option) => option.name === name)?.value;
}

/** True for what Go's ParseBool takes as true. */
export function isTrue(value: string | undefined): boolean {
  return value !== undefined && truthy.includes(value);
}

/** True if the policy's kprobes attach together, as they do unless an option says otherwise. */
export function usesKprobeMulti(document: PolicyDocument): boolean {
  return !isTrue(optionValue(document, 'disable-kprobe-multi'));
}
