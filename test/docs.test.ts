/** Every example in README and docs: files are read, command lines are parsed, and what is linked or named is there. */
import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { program } from '../cli/main.ts';
import { parseGiven, parseScenario } from '../core/scenario/parse.ts';
import { configSchema } from '../runner/config.ts';
import { initFolder } from '../runner/init.ts';
import { removeTree } from '../cache/remove-tree.ts';

const root = join(import.meta.dirname, '..');
const pages = ['README.md', 'CONTRIBUTING.md', 'docs', 'docs/contributing'].flatMap((name) =>
  name.endsWith('.md')
    ? [name]
    : readdirSync(join(root, name)).flatMap((file) => (file.endsWith('.md') ? [join(name, file)] : [])),
);
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

interface Block {
  readonly language: string;
  readonly text: string;
}

const fence = /^```(\w*)\n([^]*?)^```$/gm;
const blocksOf = (page: string): Block[] =>
  [...textOf(page).matchAll(fence)].map(([, language = '', text = '']) => ({ language, text }));

/** Lines of code: of fenced blocks, and of those that are indented. */
function codeLines(page: string): string[] {
  const rest = textOf(page).replace(fence, '');
  const indented = rest.split('\n').flatMap((line) => (line.startsWith('    ') ? [line.slice(4)] : []));
  return [...blocksOf(page).flatMap(({ text }) => text.split('\n')), ...indented];
}

/** What stands between backquotes. */
const inlineCode = (page: string): string[] =>
  [
    ...textOf(page)
      .replace(fence, '')
      .matchAll(/`([^`\n]+)`/g),
  ].map(([, code = '']) => code);

/** Words as a shell has them; no variables, and what stands behind an operator belongs to another command. */
function words(command: string): string[] {
  const found = command.match(/'[^']*'|"[^"]*"|[^\s'"]+/g) ?? [];
  const end = found.findIndex((word) => /^(\||>>?|&&|;|#)$/.test(word));
  return found.slice(0, end < 0 ? undefined : end).map((word) => word.replace(/^(['"])(.*)\1$/, '$2'));
}

/** Arguments of each call of tracerig in a line. */
function callsIn(line: string): string[][] {
  return [
    ...line.matchAll(/(?:^|[\s$]|- run: |&& )(?:npx |node dist\/)?tracerig(?:\.js)? (?=[a-z])(.*)/g),
  ].map(([, rest = '']) => words(rest));
}

/** Throws as the command line would; nothing runs. */
async function parseArguments(args: readonly string[]): Promise<void> {
  const dashes = args.indexOf('--');
  const parser = program(dashes < 0 ? [] : args.slice(dashes + 1));
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    command.action(() => undefined);
    command.commands.forEach(quiet);
  };
  parser.commands.forEach(quiet);
  await parser.parseAsync([...args], { from: 'user' });
}

/** Without the marks of prose: `[PATHS…]`, `bash|zsh`. */
const isWhole = (args: readonly string[]): boolean => !args.some((word) => /…|^\[|\|/.test(word));
/** Prose names no more of a command than it speaks of. */
const lacksMore = /missing required argument|required option|argument missing/;

describe.each(pages)('%s', (page) => {
  it('shows commands that are', async () => {
    const named = inlineCode(page).flatMap(callsIn).filter(isWhole);
    for (const args of [...codeLines(page).flatMap(callsIn).filter(isWhole), ...named]) {
      const error = await parseArguments(args).then(
        () => undefined,
        ({ message }: Error) => (named.includes(args) && lacksMore.test(message) ? undefined : message),
      );
      expect(error, `tracerig ${args.join(' ')}`).toBeUndefined();
    }
  });

  it('names scripts of npm that are', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const named = [...codeLines(page), ...inlineCode(page)].flatMap((line) =>
      [...line.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = '']) => name),
    );
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
  });

  it('links to what is there', () => {
    for (const [, target = ''] of textOf(page)
      .replace(fence, '')
      .matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const linked = file === '' ? page : join(dirname(page), file);
      expect(existsSync(join(root, linked)), `${page}: ${target}`).toBe(true);
      if (anchor === undefined) continue;
      const anchors = [...textOf(linked).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replace(/[^\p{L}\p{N} _-]/gu, '')
          .replaceAll(' ', '-'),
      );
      expect(anchors, `${page}: ${target}`).toContain(anchor);
    }
  });
});

/** Of checks.md the page's own test holds every example. */
const withFiles = pages.filter((page) => page !== 'docs/checks.md');

describe('a file in the docs', () => {
  const blocks = withFiles.flatMap((page) =>
    blocksOf(page).flatMap(({ language, text }) => (language === 'yaml' ? [[page, text] as const] : [])),
  );

  it.each(blocks)('of %s is one', (page, text) => {
    const document = parse(text) as Record<string, unknown>;
    if ('steps' in document) expect(parseScenario(text, page).diagnostics).toEqual([]);
    else if ('given' in document) expect(parseGiven(text, page).diagnostics).toEqual([]);
    else if ('test' in document) expect(configSchema.safeParse(document).error).toBeUndefined();
    // Files of GitHub and GitLab: what they call is parsed above.
    else expect(page).toBe('docs/ci.md');
  });
});

it('ci.md has the workflow that init writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tracerig-docs-'));
  try {
    initFolder(folder);
    const written = readFileSync(join(folder, '.github/workflows/policies.yml'), 'utf8');
    expect(blocksOf('docs/ci.md').map(({ text }) => text)).toContain(written);
  } finally {
    removeTree(folder);
  }
});

it('running.md has every variable of the environment that the code asks for', () => {
  const folders = ['cache', 'cli', 'core', 'kernel-backend', 'runner', 'setup', 'sim-backend', 'vm'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).flatMap((file) =>
      file.endsWith('.ts') && !/test(ing)?\.ts$/.test(file) ? [join(folder, file)] : [],
    ),
  );
  const asked = files.flatMap((file) =>
    [...textOf(file).matchAll(/\bTRACERIG_[A-Z_]+/g)].map(([name]) => name),
  );
  const documented = textOf('docs/running.md');
  expect([...new Set(asked)].filter((name) => !documented.includes(`\`${name}\``))).toEqual([]);
});
