/** How compact output shows calls of well-known functions: one row per function. */
import type { ArgJson } from '../event.ts';
import { quoteIfNeeded } from '../../go/go-quote.ts';

/** First word with its glyph, and the pieces after the process; empty pieces leave their spaces. */
export interface Shown {
  readonly head: string;
  readonly rest: readonly string[];
}
type Row = (args: readonly ArgJson[]) => Shown;

/** The glyph and the word, the latter in a column of seven. */
export const headOf = (glyph: string, word: string): string => `${glyph} ${word.padEnd(7)}`;

const bodyOf = (arg: ArgJson | undefined, key: string): Record<string, unknown> =>
  (arg?.[key] ?? {}) as Record<string, unknown>;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

const filePath = (arg: ArgJson | undefined): string => quoteIfNeeded(text(bodyOf(arg, 'file_arg')['path']));
const stringOf = (arg: ArgJson | undefined): string => quoteIfNeeded(text(arg?.['string_arg']));
/** An absent argument shows nothing; one of another type counts as zero. */
const intOf = (arg: ArgJson | undefined): string => (arg ? String(number(arg['int_arg'])) : '');

function fileRow(glyph: string, word: string, position: number): Row {
  return (args) => ({ head: headOf(glyph, word), rest: [filePath(args[position])] });
}
function stringRow(glyph: string, word: string, ...positions: number[]): Row {
  return (args) => ({
    head: headOf(glyph, word),
    rest: positions.map((position) => stringOf(args[position])),
  });
}
function plainRow(glyph: string, word: string): Row {
  return () => ({ head: headOf(glyph, word), rest: [] });
}
function transferRow(glyph: string, word: string): Row {
  return ([file, , size]) => ({
    head: headOf(glyph, word),
    rest: [filePath(file), size ? `${text(size['size_arg']) || '0'} bytes` : ''],
  });
}

function socketText(arg: ArgJson | undefined): string {
  if (!arg) return '';
  const { saddr, sport, daddr, dport } = bodyOf(arg, 'sock_arg');
  return `tcp ${text(saddr)}:${number(sport)} -> ${text(daddr)}:${number(dport)}`;
}
function socketRow(glyph: string, word: string): Row {
  return ([sock]) => ({ head: headOf(glyph, word), rest: [socketText(sock)] });
}

/** A row that says what it knows of an unfamiliar shape of arguments: the function's name. */
function rowWith(count: number, name: string, row: Row): Row {
  return (args) => (args.length >= count ? row(args) : { head: headOf('❓', name), rest: [''] });
}

const namespaceFlags: Readonly<Record<number, string>> = {
  0: 'any',
  0x80: 'time',
  0x20000: 'mnt',
  0x2000000: 'cgroup',
  0x4000000: 'uts',
  0x8000000: 'ipc',
  0x10000000: 'user',
  0x20000000: 'pid',
  0x40000000: 'net',
};

function mapRow(): Row {
  return ([arg]) => {
    const map = bodyOf(arg, 'bpf_map_arg');
    const sizes = [`key size ${number(map['KeySize'])}`, `value size ${number(map['ValueSize'])}`];
    const words = [text(map['MapType']), text(map['MapName']), ...sizes];
    return {
      head: headOf('🗺', 'bpf_map_create'),
      rest: [arg ? `${words.join(' ')} max entries ${number(map['MaxEntries'])}` : ''],
    };
  };
}

/** By function name without architecture prefix. The glyph of the two open calls ends in a variation selector. */
export const kprobeRows: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['sys_write', transferRow('📝', 'write')],
  ['sys_read', transferRow('📚', 'read')],
  ['fd_install', fileRow('📬', 'open', 1)],
  ['sys_openat', stringRow('📬️', 'openat', 1)],
  ['sys_open', stringRow('📬️', 'open', 1)],
  ['sys_close', fileRow('📪', 'close', 0)],
  ['sys_mount', stringRow('💾', 'mount', 0, 1)],
  ['sys_pivot_root', stringRow('💾', 'pivot_root', 0, 1)],
  ['sys_setuid', ([uid]) => ({ head: headOf('🔑', 'setuid'), rest: [intOf(uid)] })],
  ['sys_clock_settime', plainRow('⏰', 'clock_settime')],
  ['proc_exec_connector', plainRow('🔧', 'proc_exec_connector')],
  [
    'sys_setns',
    ([, type]) => ({
      head: headOf('🔧', 'setns'),
      rest: [type ? (namespaceFlags[number(type['int_arg'])] ?? '') : ''],
    }),
  ],
  ['tcp_connect', socketRow('🔌', 'connect')],
  ['tcp_close', socketRow('🧹', 'close')],
  [
    'tcp_sendmsg',
    ([sock, size]) => ({
      head: headOf('📤', 'sendmsg'),
      rest: [`${socketText(sock)} bytes ${intOf(size) || '0'}`],
    }),
  ],
  [
    'bpf_check',
    ([arg]) => {
      const attr = bodyOf(arg, 'bpf_attr_arg');
      const words = `${text(attr['ProgType'])} ${text(attr['ProgName'])}`;
      const shown = `${words} instruction count ${number(attr['InsnCnt'])}`;
      return { head: headOf('🐝', 'bpf_load'), rest: [arg ? shown : ''] };
    },
  ],
  [
    'security_perf_event_alloc',
    ([arg]) => {
      const event = bodyOf(arg, 'perf_event_arg');
      const shown = `${text(event['Type'])} ${text(event['KprobeFunc'])}`;
      return { head: headOf('🐝', 'perf_event_alloc'), rest: [arg ? shown : ''] };
    },
  ],
  ['security_bpf_map_alloc', mapRow()],
  ['security_bpf_map_create', mapRow()],
  [
    'security_file_permission',
    rowWith(2, 'security_file_permission', ([file, mask]) => {
      const words = new Map([
        [2, headOf('📝', 'write')],
        [4, headOf('📚', 'read')],
      ]);
      const head = words.get(number(mask?.['int_arg'])) ?? headOf('❓', 'security_file_permission');
      return { head, rest: [filePath(file)] };
    }),
  ],
  [
    'security_mmap_file',
    rowWith(2, 'security_mmap_file', ([file, protection]) => {
      const bits = number(protection?.['uint_arg']);
      const letters = (bits & 1 ? 'r' : '') + (bits & 2 ? 'w' : '') + (bits & 4 ? 'x' : '');
      return { head: headOf('📝', `mmap-${letters}`), rest: [filePath(file)] };
    }),
  ],
  [
    'security_path_truncate',
    rowWith(1, 'security_path_truncate', ([arg]) => ({
      head: headOf('📝', 'truncate'),
      rest: [quoteIfNeeded(text(bodyOf(arg, 'path_arg')['path']))],
    })),
  ],
  ['security_file_truncate', rowWith(1, 'security_file_truncate', fileRow('📝', 'truncate', 0))],
]);
