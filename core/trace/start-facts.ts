/** The `facts` of a start snapshot: what a trace cannot show of the files that it names. Part of the snapshot's schema. */
import * as z from 'zod/mini';

const describe = <T extends z.ZodMiniType>(schema: T, description: string): T =>
  schema.check(z.describe(description));

const id = z.int().check(z.minimum(0, 'an integer from 0'));
const modeWord = 'up to 7 octal digits as text';
const mode = z.string().check(z.regex(/^[0-7]{1,7}$/, modeWord));
const hexadecimal = z.string().check(z.regex(/^(?:[0-9a-fA-F]{2})*$/, 'bytes in hexadecimal digits'));

const fileFacts = z.object({
  existed: describe(
    z.optional(z.boolean()),
    'Whether the name was there before the step. Missing: that is not known.',
  ),
  mode: describe(
    z.optional(mode),
    'With the type’s bits. Of a name that did not exist before: none, or that of what was made there.',
  ),
  uid: z.optional(id),
  gid: z.optional(id),
  target: describe(z.optional(z.string()), 'Of a symbolic link: where it leads, as it is written.'),
  interpreter: describe(
    z.optional(z.nullable(z.string())),
    'Of an executed file: the text behind its `#!`; null for one that is no script.',
  ),
  loader: describe(
    z.optional(z.nullable(z.string())),
    'Of an executed file: its ELF interpreter (PT_INTERP); null for one that has none, as a static program.',
  ),
  capability: describe(
    z.optional(z.nullable(hexadecimal)),
    'Of an executed file: its attribute security.capability; null for one without.',
  ),
});

export const startFacts = z.object({
  files: describe(
    z.optional(z.record(z.string(), fileFacts)),
    'By absolute path, as the root of the tracer sees it: names that the trace has, and the folders above them. Mode, owner and target are those of before the step.',
  ),
  all_links: describe(
    z.optional(z.literal(true)),
    'All symbolic links that the paths of the trace lead through are in `files`, or are shown by the trace itself. Missing: of a name that nobody looked at it is not known whether it is a link.',
  ),
  constants: describe(
    z.optional(z.array(z.string())),
    'Texts that calls were given and that stand in a file which the programs map: a probe at a call’s entry reads such a text only if its page was touched before. Missing: that was not looked up.',
  ),
});

/** What is known of one file. */
export type FileFacts = z.infer<typeof fileFacts>;
