/** The lints: what loads, but does not do what its author is likely to think. */
import type { Lint } from '../subject.ts';
import { addressFamilies } from './address-families.ts';
import { argumentOddities } from './argument-oddities.ts';
import { binaryValues } from './binary-values.ts';
import { constants } from './constants.ts';
import { contradictions } from './contradictions.ts';
import { execCaller } from './exec-caller.ts';
import { filledBuffers } from './filled-buffers.ts';
import { environment } from './environment.ts';
import { impossible } from './impossible.ts';
import { killEffects } from './kill-effect.ts';
import { lsm } from './lsm.ts';
import { mode } from './mode.ts';
import { neverCalled } from './never-called.ts';
import { numberValues } from './number-values.ts';
import { overrideEffects } from './override-effects.ts';
import { pathValues } from './path-values.ts';
import { podEnforcement } from './pods.ts';
import { processFilters } from './process-filters.ts';
import { rateScope } from './rate-scope.ts';
import { resolvedPaths } from './resolved-paths.ts';
import { sharedMaps } from './shared-maps.ts';
import { socketTracking } from './socket-tracking.ts';
import { syscallFlag } from './syscall-flag.ts';
import { syscallVariants } from './syscall-variants.ts';
import { toctou } from './toctou.ts';
import { unfilteredEnforcement } from './unfiltered-enforcement.ts';
import { unreachableSelectors } from './unreachable-selector.ts';
import { volume } from './volume.ts';

export const lints: readonly Lint[] = [
  constants,
  impossible,
  contradictions,
  numberValues,
  addressFamilies,
  unfilteredEnforcement,
  podEnforcement,
  unreachableSelectors,
  pathValues,
  resolvedPaths,
  binaryValues,
  processFilters,
  execCaller,
  argumentOddities,
  filledBuffers,
  syscallFlag,
  neverCalled,
  syscallVariants,
  toctou,
  killEffects,
  overrideEffects,
  lsm,
  mode,
  sharedMaps,
  socketTracking,
  volume,
  rateScope,
  environment,
];
