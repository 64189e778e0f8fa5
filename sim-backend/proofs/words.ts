/** What came of a proof, worded: one line for each thing. */
import type { FileOutcome, Known, OutcomeEvent, ProcessOutcome } from '../../core/backend/outcome.ts';
import type { Achievement } from '../../core/backend/sums.ts';
import { whyLeftOut } from '../../core/events/left-out.ts';
import type { TetragonEvent } from '../../core/events/event.ts';

interface Bare {
  readonly process?: {
    readonly binary?: string;
    readonly arguments?: string;
    readonly pid?: number;
    readonly tid?: number;
  };
  readonly args?: readonly object[];
  readonly data?: readonly object[];
  readonly return?: object;
  readonly function_name?: string;
  readonly subsys?: string;
  readonly event?: string;
  readonly action?: string;
  readonly return_action?: string;
  readonly status?: number;
  readonly signal?: string;
}

const bare = (event: TetragonEvent): [kind: string, body: Bare] =>
  Object.entries(event).find(([key]) => key.startsWith('process_')) as unknown as [string, Bare];

/** An execution or an end, and no hit. */
export function isCourse(event: TetragonEvent): boolean {
  const [kind] = bare(event);
  return kind === 'process_exec' || kind === 'process_exit';
}

/** `security_file_open(/tmp/w/a -rw-r--r--)`, with data, the returned value and the action behind it. */
export function eventText({ event, diverged }: OutcomeEvent): string {
  const [kind, body] = bare(event);
  const mark = diverged ? ' (diverged)' : '';
  const part = (name: 'binary' | 'arguments'): string =>
    body.process !== undefined && whyLeftOut(body.process, name) !== undefined
      ? '?'
      : (body.process?.[name] ?? '');
  const [binary, words] = [part('binary'), part('arguments')];
  if (kind === 'process_exec') return `exec ${`${binary} ${words}`.trim()}${mark}`;
  if (kind === 'process_exit') return `exit ${binary} ${body.signal ?? body.status ?? 0}${mark}`;
  const name = body.function_name ?? `${body.subsys}/${body.event}`;
  const action =
    body.action === undefined || body.action === 'KPROBE_ACTION_POST' ? '' : ` ${actionWord(body.action)}`;
  const result = body.return === undefined ? '' : ` = ${valueText(body.return)}`;
  const data = body.data === undefined ? '' : ` data ${body.data.map(valueText).join(', ')}`;
  return `${name}(${(body.args ?? []).map(valueText).join(', ')})${data}${result}${action}${threadWord(body)}${mark}`;
}

const threadWord = ({ process: { pid, tid } = {} }: Bare): string =>
  tid !== undefined && tid !== pid ? ' by a thread' : '';

const actionWord = (action: string): string => action.replace('KPROBE_ACTION_', '').toLowerCase();

/** The value alone: an argument's JSON names its type too. */
function valueText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).filter(([key]) => key !== 'label');
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) return valueText(only[1]);
  if (entries.every(([key]) => ['path', 'permission', 'mount', 'flags'].includes(key)))
    return entries.map(([, part]) => String(part)).join(' ');
  if ('family' in value) return socketText(value as SocketParts);
  return `{${entries.map(([key, part]) => `${key} ${valueText(part)}`).join(', ')}}`;
}

interface SocketParts {
  readonly family: string;
  readonly type?: string;
  readonly protocol?: string;
  readonly saddr?: string;
  readonly sport?: number;
  readonly daddr?: string;
  readonly dport?: number;
  readonly state?: string;
  readonly addr?: string;
  readonly port?: number;
  readonly path?: string;
}

/** `AF_INET SOCK_STREAM IPPROTO_TCP 10.0.0.7:40000->10.1.2.3:443 TCP_ESTABLISHED`, or a socket address: `AF_INET 10.1.2.3:443`. */
function socketText({
  family,
  type,
  protocol,
  saddr,
  sport,
  daddr,
  dport,
  state,
  ...address
}: SocketParts): string {
  const end = (addr: string | undefined, port: number | undefined): string =>
    `${addr === undefined ? '?' : addr.includes(':') ? `[${addr}]` : addr}:${port ?? 0}`;
  const { addr, port, path } = address;
  if (type === undefined)
    return `${family} ${port === undefined ? (path ?? addr ?? '') : end(addr, port)}`.trimEnd();
  const inet = family === 'AF_INET' || family === 'AF_INET6';
  const ends = inet ? [`${end(saddr, sport)}->${end(daddr, dport)}`] : [];
  return [family, type, protocol, ...ends, state].join(' ');
}

export function fileText(file: Known<FileOutcome> | undefined): string {
  if (file === undefined) return 'was not asked for';
  if (!file.known) return `not known (${file.why})`;
  const { exists, content, mode } = file.value;
  if (!exists) return 'does not exist';
  return `${mode === undefined ? '?' : `0${mode.toString(8)}`} ${content === undefined ? '?' : JSON.stringify(content)}`;
}

/** Text, or why it is not known, with what it is if the recorded course holds. */
export function textText(text: Known<string>): string {
  if (text.known) return JSON.stringify(text.value);
  return `not known (${text.why})${text.assumed === undefined ? '' : `, assumed ${JSON.stringify(text.assumed)}`}`;
}

export function achievedText({ what, target, bytes, count, diverged }: Achievement): string {
  const size = bytes === undefined ? '' : `, ${bytes} bytes`;
  return `${what} ${target}${size}${count > 1 ? `, ${count} times` : ''}${diverged ? ' (diverged)' : ''}`;
}

export function fateText({ number, binary, fate, diverged }: ProcessOutcome): string {
  const words =
    fate.kind === 'exited'
      ? `exited ${fate.code}`
      : fate.kind === 'killed'
        ? fate.signal
        : fate.kind === 'unknown'
          ? `not known (${fate.why})`
          : fate.kind;
  return `process ${number} ${binary}: ${words}${diverged ? ' (diverged)' : ''}`;
}
