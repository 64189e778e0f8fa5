/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stage: actions. The winner's, in their order. */
#ifndef TRACERIG_ACTIONS_H
#define TRACERIG_ACTIONS_H

#include "setup.h"

#define SIGNAL_KILL 9

/* Of the launcher, which cannot know why its execve failed. Once the command runs, nobody asks. */
INLINE void note_denial(void)
{
	struct tr_step_state *state = step_now();

	if (state && state->root == current_pid())
		state->denied = 1;
}

/* The kernel sends none to a task that is ending: what an event then says did not come about. */
INLINE void send_signal(__u32 hook, __u32 number)
{
	if (bpf_send_signal(number))
		count_hook_loss(hook, HOOK_SIGNALS);
}

/* Runs one action; false if it suppresses the event. `hook`: the number that its records carry. */
INLINE bool run_action(void *ctx, const volatile struct tr_action *action, bool monitor, __u32 hook)
{
	switch (action->kind) {
	case ACTION_POST:
	case ACTION_GET_URL:
	case ACTION_DNS_LOOKUP:
		break;
	case ACTION_NO_POST:
		return false;
	case ACTION_SIGKILL:
		if (!monitor)
			send_signal(hook, SIGNAL_KILL);
		break;
	case ACTION_SIGNAL:
		if (!monitor)
			send_signal(hook, action->signal);
		break;
	case ACTION_OVERRIDE:
		/* A kernel without the helper never sees this: the plan's constant kills the branch. */
		if (plan.uses_override && !monitor) {
			bpf_override_return(ctx, (__s64)action->error);
			note_denial();
		}
		break;
	}
	return true;
}

/* Runs them in their order. `last` is the index of the last one; false if one suppresses the event. */
INLINE bool run_actions(void *ctx, const volatile struct tr_action *actions, __u32 count, bool monitor, __u32 hook,
			__u8 *last)
{
	bool posts = true;

	for (__u32 a = 0; a < MAX_ACTIONS; a++) {
		if (a >= count)
			break;
		*last = a;
		if (!run_action(ctx, &actions[a], monitor, hook))
			posts = false;
	}
	return posts;
}

/* The stage: runs the selector's actions. */
INLINE bool stage_actions(void *ctx, const volatile struct tr_hook_plan *hook, __u32 number, __u32 selector, __u8 *last)
{
	bool posts = true;

	/* A loop, since the verifier knows the plan only at indices that it knows. */
	for (__u32 s = 0; s < MAX_SELECTORS; s++) {
		const volatile struct tr_selector *one = &hook->selectors[s];

		if (s >= hook->selector_count)
			break;
		if (s == selector)
			posts = run_actions(ctx, one->actions, one->action_count, hook->monitor, number, last);
	}
	return posts;
}

#endif
