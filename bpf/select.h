/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stage: select. The first selector whose filters all pass wins. */
#ifndef TRACERIG_SELECT_H
#define TRACERIG_SELECT_H

#include "filter.h"
#include "setup.h"

/* The first active selector whose filters all pass; NO_INDEX if there is none. `number`: of the hook. */
INLINE __u32 stage_select(const volatile struct tr_hook_plan *hook, __u32 number, __u32 active)
{
	for (__u32 s = 0; s < MAX_SELECTORS; s++) {
		const volatile struct tr_selector *selector = &hook->selectors[s];
		bool passes = true;

		if (s >= hook->selector_count)
			break;
		if (!(active & 1u << s))
			continue;
		for (__u32 f = 0; f < MAX_FILTERS; f++) {
			if (f >= selector->arg_count)
				break;
			if (!filter_passes(&selector->args[f], number)) {
				passes = false;
				break;
			}
		}
		if (passes)
			return s;
	}
	return NO_INDEX;
}

#endif
