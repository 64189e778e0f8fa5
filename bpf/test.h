/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Hooks' stages without a hook: BPF_PROG_TEST_RUN takes no kprobe programs, but it takes raw tracepoints. Arguments
 * come from a map, effects are noted, and all between is what runs in a hook. So any kernel with BPF can tell whether
 * these programs and the engine agree.
 */
#ifndef TRACERIG_TEST_H
#define TRACERIG_TEST_H

#include "hook.h"
#include "noted.h"

/* At the entry of the hook with this number, or at its return. */
INLINE void run_test(void *ctx, __u32 wanted, bool returns)
{
	struct tr_test_record *record = noted_so_far();

	if (!record)
		return;
	__builtin_memset(record, 0, sizeof(*record));
	record->head.kind = RECORD_TEST;
	record->head.tid = current_tid();
	record->head.time_ns = bpf_ktime_get_boot_ns();
	/* A loop, since the verifier knows the plan only at indices that it knows. */
	for (__u32 n = 0; n < MAX_HOOKS; n++) {
		struct tr_acting by = {.hook = &plan.hooks[n], .source = FROM_TEST};
		__u32 number = n;

		/* Else clang has no loop, and takes the number that is wanted. */
		asm volatile("" : "+r"(number));
		if (number != wanted)
			continue;
		if (!returns)
			record->verdict = run_stages(ctx, &by, n);
		else if (by.hook->returns)
			run_return(ctx, &by, n);
		break;
	}
	send(record, sizeof(*record));
}

#endif
