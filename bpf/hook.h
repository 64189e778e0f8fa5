/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The generic hook: the stages in their order, for one plan of the object. */
#ifndef TRACERIG_HOOK_H
#define TRACERIG_HOOK_H

#include "actions.h"
#include "args.h"
#include "output.h"
#include "process.h"
#include "returns.h"
#include "select.h"
#include "setup.h"

/* Runs the stages. `source` is a constant, so that nothing of the other remains in a program. */
INLINE struct tr_verdict run_stages(void *ctx, const volatile struct tr_hook_plan *hook, __u32 number,
				    enum tr_source source)
{
	struct tr_verdict verdict = {.selector = NO_INDEX, .action = NO_INDEX};
	struct tr_task_entry *entry;
	__u32 active, pid, carried;

	if (!stage_setup(source))
		return verdict;
	entry = entry_of_current(&pid);
	if (belongs_to_nobody(entry))
		return verdict;
	active = stage_process(hook, entry, pid);
	if (hook->selector_count && !active)
		return verdict;
	if (!stage_args(ctx, hook, source))
		return verdict;
	if (hook->selector_count) {
		verdict.selector = stage_select(hook, number, active);
		if (verdict.selector == NO_INDEX)
			return verdict;
	}
	carried = hook_number(ctx, number);
	verdict.posts = stage_actions(ctx, hook, carried, verdict.selector, &verdict.action);
	/* Of a call that is waited for there is a record in any case: the user side tells a lost return by it. */
	if (hook->returns)
		expect_return(carried, active, verdict);
	if (verdict.posts || hook->returns)
		stage_output(hook, carried, entry, pid, verdict);
	return verdict;
}

#endif
