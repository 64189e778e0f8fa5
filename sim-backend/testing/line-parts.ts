/** Which part of a trace's line each of its bytes belongs to: what damage to it shows depends on that. */

export type Part =
  /** Digits of the process column. */
  | 'pid'
  /** The time column. */
  | 'time'
  /** The name of a call. */
  | 'name'
  /** Parentheses, the commas between arguments, the equals sign, the blanks around them. */
  | 'frame'
  /** A name of a flag or constant. */
  | 'word'
  /** The name of an error. */
  | 'error'
  /** What strace says of a half: `<unfinished ...>`, `<... wait4 resumed>`. */
  | 'mark'
  /** The words of an end: `+++ exited with`. */
  | 'ending'
  /** The code of an end. */
  | 'code'
  /** Values: numbers, strings, annotations, comments, results. */
  | 'value'
  /** Signals, which tell nothing that counts. */
  | 'signal';

const head = /^(\d+)( +)(?:([\d.:]+)( +))?/;
const resumed = /^<\.\.\. (\w+) resumed>/;

export function partsOf(line: string): readonly Part[] {
  const parts: Part[] = [];
  const put = (part: Part, text: string): void => {
    for (let at = 0; at < text.length; at += 1) parts.push(part);
  };
  const [all = '', pid = '', blanks = '', time = '', after = ''] = head.exec(line) ?? [];
  put('pid', pid);
  put('frame', blanks);
  put('time', time);
  put('frame', after);
  const body = line.slice(all.length);
  if (body.startsWith('+++')) {
    const [words = ''] = /^\D*/.exec(body) ?? [];
    put('ending', words);
    const [code = ''] = /^\d*/.exec(body.slice(words.length)) ?? [];
    put('code', code);
    put('ending', body.slice(words.length + code.length));
    return parts;
  }
  if (body.startsWith('---')) {
    put('signal', body);
    return parts;
  }
  const half = resumed.exec(body);
  const [name = ''] = half ?? /^\w+/.exec(body) ?? [];
  put(half ? 'mark' : 'name', name);
  const rest = body.slice(name.length);
  const mark = /<unfinished \.\.\.>$/.exec(rest)?.index ?? rest.length;
  const equals = /\) += /.exec(rest) === null ? mark : rest.lastIndexOf(') ');
  putArguments(rest.slice(0, Math.min(mark, equals)), put);
  if (mark < rest.length) put('mark', rest.slice(mark));
  else if (equals < rest.length) putResult(rest.slice(equals), put);
  return parts;
}

const token =
  /"(?:[^"\\]|\\.)*"(?:\.\.\.)?|<[^<>]*(?:<[^<>]*>)?>(?:\(deleted\))?|\/\*.*?\*\/|[A-Z_][A-Z0-9_]*|-?\w+|[\s\S]/g;

function putArguments(text: string, put: (part: Part, text: string) => void): void {
  let depth = 0;
  for (const [piece] of text.matchAll(token)) {
    if ('{['.includes(piece)) depth += 1;
    if (depth === 0 && '(),'.includes(piece)) put('frame', piece);
    else put(depth === 0 && /^[A-Z_][A-Z0-9_]+$/.test(piece) ? 'word' : 'value', piece);
    if ('}]'.includes(piece)) depth -= 1;
  }
}

function putResult(text: string, put: (part: Part, text: string) => void): void {
  const [, equals = '', value = '', error = '', rest = ''] =
    /^(\) += )(-1 (?=E)|)([A-Z]*)(.*)$/s.exec(text) ?? [];
  put('frame', equals);
  put('value', value);
  put('error', error);
  put('value', rest);
}
