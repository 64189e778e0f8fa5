/** Requests for tests. */
import type { Plan } from '../plan/plan.ts';
import { anyKernel } from '../kernels/kernel-facts.ts';
import type { SessionRequest } from './request.ts';

/** A session under these plans, of which nobody asks for the text. */
export function sessionOf(plans: readonly Plan[], more: Partial<SessionRequest> = {}): SessionRequest {
  return {
    scenario: 'test',
    policies: plans.map((plan) => ({ text: '', plan })),
    kernel: anyKernel,
    given: { files: [], env: {}, run: [] },
    ...more,
  };
}
