/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The return side: what the entry found is kept by thread, and goes on with what the function returned. */
#ifndef TRACERIG_RETURNS_H
#define TRACERIG_RETURNS_H

#include "actions.h"
#include "args.h"
#include "filter.h"
#include "output.h"
#include "process.h"
#include "setup.h"

/* One call of each hook and thread: of a function that calls itself the inner return is the only one that is met. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct tr_call_key);
	__type(value, struct tr_call_entry);
} calls SEC(".maps");

INLINE __u64 current_began(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return BPF_CORE_READ(task, start_time);
}

/*
 * At an entry, whatever becomes of it: a call of the thread's that still waits is over, and its return was not met.
 * Else the return of this call would be taken for that one's.
 */
INLINE void drop_unmet(__u32 number, struct tr_task_entry *entry, __u32 pid)
{
	struct tr_call_key key = {.tid = current_tid(), .hook = number};
	struct tr_call_entry *found = bpf_map_lookup_elem(&calls, &key);
	bool own;

	if (!found)
		return;
	own = found->began == current_began();
	bpf_map_delete_elem(&calls, &key);
	if (own)
		output_unmet(number, entry, pid);
}

/* At the entry: the call goes on at its return. */
INLINE void expect_return(const volatile struct tr_hook_plan *hook, __u32 number, __u32 active,
			  struct tr_verdict verdict)
{
	struct tr_call_key key = {.tid = current_tid(), .hook = number};
	struct tr_call_entry call = {
		.active = active,
		.selector = verdict.selector,
		.posts = verdict.posts,
		.began = current_began(),
	};
	struct tr_slot *copied = hook->return_copy < MAX_ARGS ? slot_of(hook->return_copy) : NULL;

	if (copied)
		call.copied = copied->value;

	if (bpf_map_update_elem(&calls, &key, &call, BPF_ANY))
		count_hook_loss(number, HOOK_RETURNS);
}

/* Reads the buffer that the function has filled by now, of as many bytes as it returned, into the argument's slot. */
INLINE void copy_at_return(__u32 number, __u64 address, __u64 size)
{
	struct tr_slot *slot = slot_of(number);

	if (!slot)
		return;
	slot->length = 0;
	slot->mode = 0;
	slot->status = READ_OK;
	slot->type = ARG_CHAR_BUF;
	read_buffer(number, address, size, PATH_SIZE - 1);
}

INLINE bool returned_passes(const volatile struct tr_selector *selector, __u32 number)
{
	for (__u32 f = 0; f < MAX_RETURN_FILTERS; f++) {
		if (f >= selector->return_count)
			break;
		if (!filter_passes(&selector->returned[f], number))
			return false;
	}
	return true;
}

/*
 * From the entry's winner on, the first selector that the process may reach and whose filters on the returned value
 * pass: those of the entry are not asked again (an oddity of Tetragon).
 */
INLINE __u32 select_return(const volatile struct tr_hook_plan *hook, __u32 number, struct tr_call_entry *call)
{
	for (__u32 s = 0; s < MAX_SELECTORS; s++) {
		if (s >= hook->selector_count)
			break;
		if (s < call->selector || (s != call->selector && !(call->active & 1u << s)))
			continue;
		if (returned_passes(&hook->selectors[s], number))
			return s;
	}
	return NO_INDEX;
}

/* What the call that has returned comes to. `source` is a constant, as in run_stages. */
INLINE void judge_return(struct pt_regs *ctx, struct tr_acting *by, __u32 number, struct tr_call_entry *call)
{
	struct tr_verdict verdict = {.selector = NO_INDEX, .action = NO_INDEX, .posts = true};
	const volatile struct tr_hook_plan *hook = by->hook;
	struct tr_task_entry *entry;
	struct tr_slot *slot;

	if (by->source == FROM_TEST)
		place_arg(RETURN_SLOT, hook->return_arg.type);
	else
		read_arg(RETURN_SLOT, &hook->return_arg, PT_REGS_RC(ctx), 0);
	slot = slot_of(RETURN_SLOT);
	if (!slot)
		return;
	slot->place = 0;
	if (hook->return_copy < MAX_ARGS)
		copy_at_return(hook->return_copy, call->copied, PT_REGS_RC(ctx));
	if (hook->selector_count) {
		verdict.selector = select_return(hook, number, call);
		verdict.posts = verdict.selector != NO_INDEX;
	}
	entry = entry_of_current(&by->pid);
	if (hook->return_action && verdict.posts)
		track_socket(RETURN_SLOT, hook->policy, hook->return_action, by->pid);
	for (__u32 s = 0; s < MAX_SELECTORS; s++) {
		const volatile struct tr_selector *one = &hook->selectors[s];

		if (s >= hook->selector_count)
			break;
		if (s == verdict.selector)
			verdict.posts =
				run_actions(ctx, one->return_actions, one->return_action_count, by, &verdict.action);
	}
	verdict.posts = verdict.posts && call->posts;
	output_return(hook, by->number, entry, by->pid, verdict);
}

/* Only the thread that entered is asked about: a task that left the fence meanwhile still ends its event. */
INLINE void run_return(struct pt_regs *ctx, struct tr_acting *by, __u32 number)
{
	struct tr_call_key key = {.tid = current_tid()};
	struct tr_call_entry *found, call;

	by->number = by->source == FROM_TEST ? number : hook_number(ctx, by->hook, number);
	key.hook = by->number;
	found = bpf_map_lookup_elem(&calls, &key);
	if (!found)
		return;
	call = *found;
	bpf_map_delete_elem(&calls, &key);
	if (call.began != current_began())
		return;
	if (by->source == FROM_TEST) {
		judge_return(ctx, by, number, &call);
	} else if (enter_scratch(by->number)) {
		judge_return(ctx, by, number, &call);
		leave_scratch();
	}
}

#endif
