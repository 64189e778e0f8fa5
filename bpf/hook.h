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

/* The stages that work in scratch: from the arguments on. */
INLINE void judge_hit(void *ctx, struct tr_acting *by, __u32 number, struct tr_task_entry *entry, __u32 active,
		      struct tr_verdict *verdict);

/*
 * Runs the stages. `by->source` is a constant, so that nothing of the others
 * remains in a program; `by->result` is what an LSM hook answers.
 */
INLINE struct tr_verdict run_stages(void *ctx, struct tr_acting *by, __u32 number)
{
	struct tr_verdict verdict = {.selector = NO_INDEX, .action = NO_INDEX};
	const volatile struct tr_hook_plan *hook = by->hook;
	struct tr_task_entry *entry;
	__u32 active;

	if (!stage_setup(by->source))
		return verdict;
	entry = entry_of_current(&by->pid);
	if (belongs_to_nobody(entry))
		return verdict;
	by->number = by->source == FROM_TEST ? number : hook_number(ctx, hook, number);
	if (hook->returns && by->source != FROM_TEST)
		drop_unmet(by->number, entry, by->pid);
	if (hook->overrides)
		drop_override(by->number);
	active = stage_process(hook, entry, by->pid);
	if (hook->selector_count && !active)
		return verdict;
	if (by->source == FROM_TEST) {
		judge_hit(ctx, by, number, entry, active, &verdict);
	} else if (enter_scratch(by->number)) {
		judge_hit(ctx, by, number, entry, active, &verdict);
		leave_scratch();
	}
	return verdict;
}

INLINE void judge_hit(void *ctx, struct tr_acting *by, __u32 number, struct tr_task_entry *entry, __u32 active,
		      struct tr_verdict *verdict)
{
	const volatile struct tr_hook_plan *hook = by->hook;
	struct tr_sock_owner owner = {};

	if (!stage_args(ctx, hook, by->source))
		return;
	if (hook->selector_count) {
		verdict->selector = stage_select(hook, number, active);
		if (verdict->selector == NO_INDEX)
			return;
	}
	/* As it is before the hit's own actions. */
	if (plan.uses_tracking)
		find_owner(&owner, hook);
	verdict->posts = stage_actions(ctx, by, verdict->selector, &verdict->action);
	/* The output program of Tetragon's LSM hooks runs only for a selector. */
	if (by->source == FROM_LSM && !hook->selector_count)
		verdict->posts = false;
	if (verdict->posts && plan.uses_changes)
		renew_recorded(hook, verdict->selector, entry);
	/* Of a call that is waited for there is a record in any case: the user side tells a lost return by it. */
	if (hook->returns)
		expect_return(hook, by->number, active, *verdict);
	if (verdict->posts || hook->returns)
		stage_output(hook, by->number, entry, by->pid, owner, *verdict);
}

#endif
