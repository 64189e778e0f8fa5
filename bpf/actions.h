/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stage: actions. The winner's, in their order. */
#ifndef TRACERIG_ACTIONS_H
#define TRACERIG_ACTIONS_H

#include "noted.h"
#include "rate-limit.h"
#include "setup.h"
#include "tracking.h"

#define SIGNAL_KILL 9

/* Of the launcher, which cannot know why its execve failed. Once the command runs, nobody asks. */
INLINE void note_denial(void)
{
	struct tr_step_state *state = step_now();

	if (state && state->root == current_pid())
		state->denied = 1;
}

/* Errors that functions are to return, by thread: their probe keeps them, and `override_N` follows it. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct tr_call_key);
	__type(value, __s32);
} overrides SEC(".maps");

INLINE void keep_override(__u32 hook, __s32 error)
{
	struct tr_call_key key = {.tid = current_tid(), .hook = hook};

	if (bpf_map_update_elem(&overrides, &key, &error, BPF_ANY))
		count_hook_loss(hook, HOOK_OVERRIDES);
}

/* At an entry: an error that is still kept was none of the call that it was meant for. */
INLINE void drop_override(__u32 hook)
{
	struct tr_call_key key = {.tid = current_tid(), .hook = hook};

	if (bpf_map_delete_elem(&overrides, &key) == 0)
		count_hook_loss(hook, HOOK_OVERRIDES);
}

/* What a function returns instead of running; 0: it runs. */
INLINE __s32 overridden(const volatile struct tr_hook_plan *hook)
{
	struct tr_call_key key = {.tid = current_tid(), .hook = hook->number};
	__s32 *found = bpf_map_lookup_elem(&overrides, &key), error;

	if (!found)
		return 0;
	error = *found;
	bpf_map_delete_elem(&overrides, &key);
	return error;
}

/* The kernel sends none to a task that is ending: what an event then says did not come about. */
INLINE void send_signal(__u32 hook, __u32 number)
{
	if (bpf_send_signal(number))
		count_hook_loss(hook, HOOK_SIGNALS);
}

/* By thread and policy. */
struct tr_notified {
	__u32 tid;
	__u32 policy;
};
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct tr_notified);
	__type(value, struct tr_notification);
} notifications SEC(".maps");

/* The next function of the policy's enforcers that the thread calls acts on it. */
INLINE void notify_enforcer(const volatile struct tr_notice *notice, __u32 policy, __u32 hook)
{
	struct tr_notified key = {.tid = current_tid(), .policy = policy};
	struct tr_notification pending = {.hook = hook};

	pending.notice.error = notice->error;
	pending.notice.signal = notice->signal;
	if (bpf_map_update_elem(&notifications, &key, &pending, BPF_ANY))
		count_hook_loss(hook, HOOK_OVERRIDES);
}

INLINE void drop_notification(__u32 policy)
{
	struct tr_notified key = {.tid = current_tid(), .policy = policy};

	bpf_map_delete_elem(&notifications, &key);
}

/* An enforcer's function: what it returns instead of running; 0: it runs. */
INLINE __s32 enforce(__u32 policy)
{
	struct tr_notified key = {.tid = current_tid(), .policy = policy};
	struct tr_notification *found = bpf_map_lookup_elem(&notifications, &key), pending;

	if (!found)
		return 0;
	pending = *found;
	bpf_map_delete_elem(&notifications, &key);
	if (pending.notice.signal)
		send_signal(pending.hook, pending.notice.signal);
	if (pending.notice.error)
		note_denial();
	return pending.notice.error;
}

/* What an action did. */
enum tr_done { ACTION_DONE, ACTION_SUPPRESSES, ACTION_FAILED };

/* Whose actions these are. */
struct tr_acting {
	const volatile struct tr_hook_plan *hook;
	__u32 number; /* as its records carry it */
	__u32 pid;    /* of the process that the hit belongs to */
	enum tr_source source;
	__s32 result; /* what an LSM hook answers; 0: nothing of its own */
};

INLINE enum tr_done run_action(void *ctx, const volatile struct tr_action *action, struct tr_acting *by, __u8 previous)
{
	bool monitor = by->hook->monitor;
	__s32 signal;

	switch (action->kind) {
	case ACTION_POST:
		if (action->post.window_ms && limited(&action->post, by->number, previous, by->hook->arg_count))
			return ACTION_SUPPRESSES;
		break;
	case ACTION_GET_URL:
	case ACTION_DNS_LOOKUP:
	case ACTION_IDLE:
		break;
	case ACTION_NO_POST:
		return ACTION_SUPPRESSES;
	case ACTION_SIGKILL:
	case ACTION_SIGNAL:
		if (monitor)
			break;
		signal = action->kind == ACTION_SIGKILL ? SIGNAL_KILL : action->signal;
		if (by->source == FROM_TEST)
			note_effect(action->kind, signal);
		else
			send_signal(by->number, signal);
		break;
	case ACTION_TRACK_SOCK:
		track_socket(action->arg, by->hook->policy, ACTION_TRACK_SOCK, by->pid);
		break;
	case ACTION_UNTRACK_SOCK:
		if (!track_socket(action->arg, by->hook->policy, ACTION_UNTRACK_SOCK, by->pid))
			return ACTION_FAILED;
		break;
	case ACTION_NOTIFY_ENFORCER:
		if (monitor)
			break;
		if (by->source == FROM_TEST)
			note_effect(action->kind, (__u16)action->notice.error << 16 | (__u16)action->notice.signal);
		else if (plan.uses_enforcers)
			notify_enforcer(&action->notice, by->hook->policy, by->number);
		break;
	case ACTION_CLEANUP_ENFORCER_NOTIFICATION:
		if (by->source != FROM_TEST && plan.uses_enforcers)
			drop_notification(by->hook->policy);
		break;
	case ACTION_OVERRIDE:
		if (monitor)
			break;
		if (by->source == FROM_TEST) {
			note_effect(action->kind, action->error);
		} else if (by->source == FROM_LSM) {
			by->result = action->error;
			note_denial();
		} else if (by->hook->overrides) {
			keep_override(by->number, action->error);
			note_denial();
		} else if (plan.uses_override) {
			/* A kernel without the helper never sees this: the plan's constant kills the branch. */
			bpf_override_return(ctx, (__s64)action->error);
			note_denial();
		}
		break;
	}
	return ACTION_DONE;
}

/* Runs them in their order. `last` is the index of the last one that was done;
 * false if one suppresses the event. */
INLINE bool run_actions(void *ctx, const volatile struct tr_action *actions, __u32 count, struct tr_acting *by,
			__u8 *last)
{
	__u8 previous = 0;
	bool posts = true;

	for (__u32 a = 0; a < MAX_ACTIONS; a++) {
		enum tr_done done;

		if (a >= count)
			break;
		done = run_action(ctx, &actions[a], by, previous);
		if (done == ACTION_SUPPRESSES)
			posts = false;
		/* To drop a socket that is not tracked fails, and the action before stays
		 * the one that is named. */
		if (done == ACTION_FAILED)
			continue;
		*last = a;
		previous = actions[a].kind;
	}
	return posts;
}

/* The stage: runs the selector's actions. */
INLINE bool stage_actions(void *ctx, struct tr_acting *by, __u32 selector, __u8 *last)
{
	bool posts = true;

	/* A loop, since the verifier knows the plan only at indices that it knows. */
	for (__u32 s = 0; s < MAX_SELECTORS; s++) {
		const volatile struct tr_selector *one = &by->hook->selectors[s];

		if (s >= by->hook->selector_count)
			break;
		if (s == selector)
			posts = run_actions(ctx, one->actions, one->action_count, by, last);
	}
	return posts;
}

#endif
