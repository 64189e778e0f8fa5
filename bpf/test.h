/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A hook's stages without a hook: BPF_PROG_TEST_RUN takes no kprobe programs, but it takes raw tracepoints. Arguments
 * come from a map, the answer is the verdict, and all between is what runs in a hook. So any kernel with BPF can tell
 * whether these programs and the engine agree.
 */
#ifndef TRACERIG_TEST_H
#define TRACERIG_TEST_H

#include "hook.h"

INLINE __u32 run_test(void *ctx)
{
	struct tr_acting by = {.hook = &plan.hooks[0], .source = FROM_TEST};
	struct tr_verdict verdict = run_stages(ctx, &by, 0);
	__u32 result;

	__builtin_memcpy(&result, &verdict, sizeof(result));
	return result;
}

#endif
