/** The digest that ties a recording to the scenario it was made of. */
import { createHash } from 'node:crypto';
import type { Scenario } from '../core/scenario/scenario.ts';

/** Covers `given` and the commands up to and with the step: what they leave behind is what the step starts from. */
export function recordingDigest(scenario: Scenario, stepNumber: number): string {
  const { files, dirs, symlinks, env, user, cwd, run } = scenario.given;
  const hash = createHash('sha256').update(
    JSON.stringify({
      files: files.map(({ path, content, mode, owner }) => {
        if (content === undefined) throw new Error(`the source of ${path} is not read`);
        return [path, Buffer.from(content).toString('base64'), mode, ...(owner === undefined ? [] : [owner])];
      }),
      // Left out where they are not given: recordings of before they could be are as good as ever.
      ...(dirs && { dirs: dirs.map(({ path, mode, owner }) => [path, mode, owner ?? '']) }),
      ...(symlinks && { symlinks: symlinks.map(({ path, target }) => [path, target]) }),
      env: Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1)),
      user: user ?? 'root',
      cwd: cwd ?? '',
      given: run,
      runs: scenario.steps
        .slice(0, stepNumber)
        .filter(({ mark }) => mark?.kind !== 'todo')
        .map((step) => step.run ?? null),
    }),
  );
  return `sha256:${hash.digest('hex')}`;
}
