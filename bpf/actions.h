/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stage: actions. The winner's, in their order. */
#ifndef TRACERIG_ACTIONS_H
#define TRACERIG_ACTIONS_H

#include "setup.h"

#define SIGNAL_KILL 9

/* Runs one action; false if it suppresses the event. */
INLINE bool run_action(void *ctx, const volatile struct tr_action *action, bool monitor)
{
	switch (action->kind) {
	case ACTION_NOPOST:
		return false;
	case ACTION_SIGKILL:
		if (!monitor)
			bpf_send_signal(SIGNAL_KILL);
		break;
	case ACTION_SIGNAL:
		if (!monitor)
			bpf_send_signal(action->value);
		break;
	case ACTION_OVERRIDE:
		/* A kernel without the helper never sees this: the plan's constant kills the branch. */
		if (plan.uses_override && !monitor)
			bpf_override_return(ctx, (__s64)action->value);
		break;
	}
	return true;
}

#endif
