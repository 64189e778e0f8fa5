/** The steps of setup, in order. Each looks first whether its result is there. */
import { join, relative } from 'node:path';
import type { ListrTask } from 'listr2';
import { defaultKernelLine } from '../vm/image.ts';
import { prepareSnapshot } from '../vm/vm.ts';
import { writeFileAtomic } from '../cache/atomic.ts';
import { writeSetupStamp } from '../vm/setup-stamp.ts';
import { ensureKernel } from './kernel.ts';
import type { CachedKernel } from './kernel-parts.ts';
import { buildAddon, buildAgent, buildBpf } from './native.ts';
import type { SetupOptions } from './options.ts';
import { installPackages, missingPackages, needsOf, packagesOf } from './packages.ts';
import { ensureRootfs } from './rootfs.ts';
import { makeVmImage } from './vm-image.ts';

export interface SetupContext {
  readonly cache: string;
  /** Root of the package. */
  readonly root: string;
  readonly options: SetupOptions;
  readonly signal: AbortSignal;
  kernels: Map<string, CachedKernel>;
  disk?: string;
  agent?: string;
  /** Folder of the BPF objects. */
  bpf?: string;
}

type Task = ListrTask<SetupContext>;

export function setupTasks(options: SetupOptions): Task[] {
  if (options.hostOnly) return [packagesTask, nativeTask, stampTask];
  return [
    packagesTask,
    ...kernelLines(options).map(kernelTask),
    // The longest two, and neither needs the other.
    {
      title: 'Root file system, BPF objects, addon and guest agent',
      task: (_context, task) => task.newListr([rootfsTask, nativeTask], { concurrent: true }),
    },
    ...options.kernels.map(imageTask),
    stampTask,
  ];
}

/** The BPF objects are always built from the same kernel's types; CO-RE fits them to the others. */
export function kernelLines(options: SetupOptions): string[] {
  return [...new Set([defaultKernelLine, ...options.kernels])];
}

const packagesTask: Task = {
  title: 'Debian packages',
  async task({ options, signal }, task) {
    const needs = needsOf(options);
    const missing = await missingPackages(packagesOf(needs));
    if (missing.length === 0) {
      task.title = 'Debian packages: installed';
      return;
    }
    const reasons = needs.flatMap(({ names, why }) => {
      const some = names.filter((name) => missing.includes(name));
      return some.length === 0 ? [] : `${some.join(' ')} (${why})`;
    });
    task.title = `Debian packages: installing ${reasons.join('; ')}`;
    await installPackages(missing, {
      signal,
      onLine: (line) => {
        if (/^(Get:|Unpacking|Setting up)/.test(line)) task.output = line.slice(0, 100);
      },
    });
    task.title = `Debian packages: installed ${missing.join(' ')}`;
  },
};

function kernelTask(line: string): Task {
  return {
    title: `Kernel ${line}`,
    async task(context, task) {
      const kernel = await ensureKernel(context.cache, line, {
        signal: context.signal,
        refresh: context.options.refresh,
        onProgress: (what) => (task.output = what),
      });
      context.kernels.set(line, kernel);
      task.title = `Kernel ${line}: Debian's ${kernel.release}`;
    },
  };
}

const rootfsTask: Task = {
  title: 'Root file system of the VM',
  async task(context, task) {
    context.disk = await ensureRootfs(context.cache, {
      signal: context.signal,
      refresh: context.options.refresh,
      onProgress: (what) => (task.output = what),
    });
  },
};

const nativeTask: Task = {
  title: 'BPF objects, addon and guest agent',
  async task(context, task) {
    const build = {
      root: context.root,
      cacheDir: join(context.cache, 'native'),
      progress: (line: string) => (task.output = line),
    };
    const kernel = context.kernels.get(defaultKernelLine);
    const btf = kernel === undefined ? '/sys/kernel/btf/vmlinux' : join(kernel.dir, 'vmlinux');
    const bpf = await buildBpf({ ...build, btf });
    context.signal.throwIfAborted();
    const addon = await buildAddon(build);
    context.signal.throwIfAborted();
    context.agent = await buildAgent(build);
    context.bpf = bpf;
    // A cache may be moved.
    const within = (file: string): string => relative(build.cacheDir, file);
    await writeFileAtomic(
      join(build.cacheDir, 'current.json'),
      `${JSON.stringify({ bpf: within(bpf), addon: within(addon), agent: within(context.agent) })}\n`,
    );
  },
};

function imageTask(line: string): Task {
  return {
    title: `VM image and snapshot of kernel ${line}`,
    async task(context, task) {
      const kernel = context.kernels.get(line);
      const { disk, agent, bpf, cache, root, signal } = context;
      if (kernel === undefined || disk === undefined || agent === undefined || bpf === undefined) {
        throw new Error(`the parts of the image of kernel ${line} are not there`);
      }
      task.output = 'packing the image';
      await makeVmImage(cache, root, { kernel, agent, disk, bpf });
      await prepareSnapshot({
        cache,
        kernel: kernel.line,
        signal,
        onPhase: (phase) => (task.output = phase),
      });
    },
  };
}

const stampTask: Task = {
  title: 'Remembering that this is done',
  task: ({ cache, options, kernels }) => {
    const names = options.kernels.map((asked) => kernels.get(asked)?.line ?? asked);
    return writeSetupStamp(cache, options.hostOnly ? [] : names);
  },
};
