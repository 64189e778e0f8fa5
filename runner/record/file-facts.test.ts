import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../../core/trace/start-facts.ts';
import { fileFacts, type FileReader } from './file-facts.ts';

const began = 1_700_000_000;
const start = { cwd: '/tmp/w', root: '/', ns: {} };

interface File {
  readonly mode: number;
  readonly target?: string;
  readonly content?: string;
  readonly capability?: string;
  /** Seconds after the step began; before it without. */
  readonly born?: number;
}
const folder: File = { mode: 0o40755 };
const program: File = { mode: 0o100755, content: '\x7fELF' };

/** A machine after the step. */
function machineOf(files: Readonly<Record<string, File>>): FileReader {
  const all: Readonly<Record<string, File>> = { '/': folder, '/tmp': folder, '/tmp/w': folder, ...files };
  return {
    stat: (path) => {
      const file = all[path];
      if (path.endsWith('/secret')) return Promise.reject(new Error('EACCES'));
      if (file === undefined) return Promise.resolve({ exists: false });
      const { content: _, born, ...stat } = file;
      const bornNs = BigInt(began + (born ?? -60)) * 1_000_000_000n;
      return Promise.resolve({ exists: true, uid: 0, gid: 0, size: 0, bornNs, ...stat });
    },
    read: (path, { offset = 0, limit = 0 } = {}) =>
      Promise.resolve(Buffer.from(all[path]?.content ?? '', 'latin1').subarray(offset, offset + limit)),
  };
}

async function factsOf(
  lines: string,
  files: Readonly<Record<string, File>> = {},
): Promise<Record<string, FileFacts>> {
  const calls = `execve("/prog", ["prog"], 0x1 /* 1 var */) = 0\n${lines.trim()}\nexit_group(0) = ?\n+++ exited with 0 +++`;
  const trace = calls
    .split('\n')
    .map((line, index) => `7 ${began}.${String(index + 1).padStart(6, '0')} ${line.trim()}\n`)
    .join('');
  const facts = await fileFacts(machineOf({ '/prog': program, ...files }), Buffer.from(trace), start);
  return facts.files ?? {};
}
const owner = { uid: 0, gid: 0 };

describe('facts of the files that a trace names', () => {
  it('are type, mode, owner and presence, of the folders above too', async () => {
    const facts = await factsOf('stat("sub/f", {st_mode=S_IFREG|0640, st_size=1, ...}) = 0', {
      '/tmp/w/sub': folder,
      '/tmp/w/sub/f': { mode: 0o100640 },
    });
    expect(facts).toMatchObject({
      '/': { existed: true, mode: '40755', ...owner },
      '/tmp/w/sub': { existed: true, mode: '40755' },
      '/tmp/w/sub/f': { existed: true, mode: '100640', ...owner },
    });
  });

  it('tell where links lead, and what lies there', async () => {
    const facts = await factsOf('chmod("/now/f", 0600) = -1 EPERM (Operation not permitted)', {
      '/now': { mode: 0o120777, target: 'srv/one' },
      '/srv': folder,
      '/srv/one': folder,
      '/srv/one/f': { mode: 0o100644 },
    });
    expect(facts).toMatchObject({
      '/now': { existed: true, mode: '120777', target: 'srv/one' },
      '/srv/one/f': { existed: true, mode: '100644' },
    });
  });

  it('are looked at for who has mounts of its own, but for what it mounted', async () => {
    const facts = await factsOf(
      `unshare(CLONE_NEWNS) = 0
       mount("t", "/mnt", "tmpfs", 0, NULL) = 0
       stat("/mnt/f", {st_mode=S_IFREG|0640, st_size=1, ...}) = 0
       execve("/usr/bin/tool", ["tool"], 0x1 /* 1 var */) = 0
       pivot_root("/mnt", "/mnt/old") = 0
       execve("/srv/tool", ["tool"], 0x1 /* 1 var */) = 0`,
      { '/usr/bin/tool': program, '/mnt/f': { mode: 0o100600 }, '/srv/tool': program },
    );
    expect(facts['/usr/bin/tool']).toMatchObject({ existed: true, interpreter: null });
    expect(facts).not.toHaveProperty('/mnt/f');
    expect(facts['/srv/tool']).not.toHaveProperty('interpreter');
  });

  it('leave out what a call may have done that its caller did not survive', async () => {
    const facts = await factsOf(
      `mkdir("made", 0755) = ?
       chmod("changed", 0600) = ?
       rename("from", "to") = ?
       openat(AT_FDCWD</tmp/w>, "kept", O_RDONLY) = ?`,
      {
        '/tmp/w/made': folder,
        '/tmp/w/changed': { mode: 0o100600 },
        '/tmp/w/to': { mode: 0o100640 },
        '/tmp/w/kept': { mode: 0o100640 },
      },
    );
    expect(facts['/tmp/w/made']).toEqual({});
    expect(facts['/tmp/w/changed']).toEqual({ existed: true });
    expect(facts['/tmp/w/from']).toEqual({});
    expect(facts['/tmp/w/to']).toEqual({});
    expect(facts['/tmp/w/kept']).toMatchObject({ existed: true, mode: '100640' });
  });

  it('leave out what the step changed', async () => {
    const facts = await factsOf(
      `chmod("changed", 0600) = 0
       unlink("gone") = 0
       rename("from", "to") = 0
       openat(AT_FDCWD, "made", O_WRONLY|O_CREAT|O_EXCL, 0600) = 3</tmp/w/made>`,
      {
        '/tmp/w/changed': { mode: 0o100600 },
        '/tmp/w/to': { mode: 0o100644 },
        '/tmp/w/made': { mode: 0o100600, born: 1 },
      },
    );
    expect(facts['/tmp/w/changed']).toEqual({ existed: true });
    expect(facts['/tmp/w/gone']).toEqual({ existed: true });
    expect(facts['/tmp/w/from']).toEqual({ existed: true });
    expect(facts['/tmp/w/to']).toEqual({});
    expect(facts['/tmp/w/made']).toEqual({ existed: false });
  });

  it('tell by its birth whether a file was there that a call may have made', async () => {
    const line = (name: string): string =>
      `openat(AT_FDCWD, "${name}", O_WRONLY|O_CREAT, 0600) = 3</tmp/w/${name}>\n`;
    const facts = await factsOf(line('old') + line('new') + line('gone'), {
      '/tmp/w/old': { mode: 0o100600 },
      '/tmp/w/new': { mode: 0o100600, born: 1 },
    });
    expect(facts['/tmp/w/old']).toEqual({ existed: true, mode: '100600', ...owner });
    expect(facts['/tmp/w/new']).toEqual({ existed: false });
    expect(facts['/tmp/w/gone']).toEqual({});
  });

  it('do not take a link that leads nowhere for a name that is not there', async () => {
    const facts = await factsOf('open("dangling", O_RDONLY) = -1 ENOENT (No such file or directory)', {
      '/tmp/w/dangling': { mode: 0o120777, target: 'nothing' },
    });
    expect(facts['/tmp/w/dangling']).toMatchObject({ existed: true, target: 'nothing' });
    expect(facts['/tmp/w/nothing']).toEqual({ existed: false });
  });

  it('say how a program is executed, and what runs it', async () => {
    const facts = await factsOf('execve("/opt/s", ["s"], 0x1 /* 1 var */) = 0', {
      '/opt': folder,
      '/opt/s': { mode: 0o106755, content: '#! /bin/i  -x\nbody', capability: '01' },
      '/bin': { mode: 0o120777, target: 'usr' },
      '/usr': folder,
      '/usr/i': program,
    });
    expect(facts['/opt/s']).toMatchObject({ interpreter: '/bin/i  -x', loader: null, capability: '01' });
    expect(facts['/bin']).toMatchObject({ target: 'usr' });
    expect(facts['/usr/i']).toMatchObject({ interpreter: null, loader: null, capability: null });
  });

  it('do not say how a program is executed that was changed after it ran', async () => {
    const facts = await factsOf(
      `execve("/opt/s", ["s"], 0x1 /* 1 var */) = 0
       openat(AT_FDCWD, "/opt/s", O_WRONLY|O_TRUNC) = 3</opt/s>`,
      { '/opt': folder, '/opt/s': { mode: 0o100755, content: '#!/new\n' } },
    );
    expect(facts['/opt/s']).toEqual({ existed: true, mode: '100755', ...owner });
  });

  it('are nothing for what may not be looked at', async () => {
    expect((await factsOf('unlink("/secret") = 0'))['/secret']).toEqual({});
  });

  it('pass over /proc, and what lies below a mount of the step', async () => {
    const facts = await factsOf(
      `mount("t", "/mnt", "tmpfs", 0, NULL) = 0
       open("/mnt/f", O_RDONLY) = 3</mnt/f>
       open("/proc/version", O_RDONLY) = 4</proc/version>`,
      { '/mnt': folder, '/mnt/f': { mode: 0o100644 } },
    );
    expect(Object.keys(facts).filter((path) => /^\/(mnt|proc)/.test(path))).toEqual([]);
  });

  it('are none of a trace that is none', async () => {
    expect(await fileFacts(machineOf({}), Buffer.from('nonsense'), start)).toEqual({ files: {} });
  });
});
