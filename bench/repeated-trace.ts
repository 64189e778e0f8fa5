/** A large trace: a real recording again and again, each time under fresh pids and at later times, below one shell. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** Writes at least `bytes` bytes. The recording has a pid and a time on every line (`strace -f -ttt -o`). */
export function writeRepeatedTrace(recording: string, bytes: number, to: string): void {
  const lines = readFileSync(recording, 'latin1').trimEnd().split('\n').map(parse);
  const pids = [...new Set(lines.map(({ pid }) => pid))];
  const [root = 0] = pids;
  const began = lines[0]?.time ?? 0;
  const lasts = (lines.at(-1)?.time ?? 0) - began + 0.001;
  // Numbers of the recording that are pids, wherever a line speaks of one: a result, an argument, a siginfo.
  const anyPid = new RegExp(`\\b(?:${pids.join('|')})\\b`, 'g');
  const shell = 2;
  const file = openSync(to, 'w');
  let written = 0;
  const write = (text: string): void => {
    written += writeSync(file, text, null, 'latin1');
  };
  try {
    let now = began;
    write(`${shell} ${now.toFixed(6)} execve("/bin/sh", ["sh"], 0x1 /* 1 var */) = 0\n`);
    for (let round = 0; written < bytes; round += 1) {
      const fresh = new Map(pids.map((pid, index) => [pid, 1000 + round * pids.length + index]));
      const child = fresh.get(root) ?? 0;
      let text = `${shell} ${now.toFixed(6)} clone(child_stack=NULL, flags=SIGCHLD) = ${child}\n`;
      for (const { pid, time, body } of lines) {
        const renamed = body.replace(anyPid, (number) => String(fresh.get(Number(number))));
        text += `${fresh.get(pid)} ${(now + time - began).toFixed(6)} ${renamed}\n`;
      }
      now += lasts;
      write(
        `${text}${shell} ${now.toFixed(6)} wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = ${child}\n`,
      );
    }
    write(`${shell} ${now.toFixed(6)} exit_group(0) = ?\n${shell} ${now.toFixed(6)} +++ exited with 0 +++\n`);
  } finally {
    closeSync(file);
  }
}

interface Line {
  readonly pid: number;
  readonly time: number;
  readonly body: string;
}

function parse(line: string): Line {
  const [, pid, time, body = ''] = /^(\d+) +([\d.]+) (.*)$/s.exec(line) ?? [];
  if (pid === undefined) throw new Error(`no line of a recording: ${line.slice(0, 80)}`);
  return { pid: Number(pid), time: Number(time), body };
}
