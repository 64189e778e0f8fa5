/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The generic hook: the stages in their order, for one plan of the object. */
#ifndef TRACERIG_HOOK_H
#define TRACERIG_HOOK_H

#include "actions.h"
#include "args.h"
#include "filter.h"
#include "output.h"
#include "process.h"
#include "setup.h"

struct tr_raw_args {
	__u64 values[6];
};
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tr_raw_args);
} raw_args SEC(".maps");

INLINE struct tr_raw_args *load_arguments(struct pt_regs *ctx, bool syscall)
{
	__u32 zero = 0;
	struct tr_raw_args *raw = bpf_map_lookup_elem(&raw_args, &zero);

	if (!raw)
		return NULL;
	if (syscall) {
		struct pt_regs *inner = (void *)PT_REGS_PARM1(ctx);

		raw->values[0] = PT_REGS_PARM1_CORE_SYSCALL(inner);
		raw->values[1] = PT_REGS_PARM2_CORE_SYSCALL(inner);
		raw->values[2] = PT_REGS_PARM3_CORE_SYSCALL(inner);
		raw->values[3] = PT_REGS_PARM4_CORE_SYSCALL(inner);
		raw->values[4] = PT_REGS_PARM5_CORE_SYSCALL(inner);
		raw->values[5] = BPF_CORE_READ(inner, r9);
	} else {
		raw->values[0] = PT_REGS_PARM1(ctx);
		raw->values[1] = PT_REGS_PARM2(ctx);
		raw->values[2] = PT_REGS_PARM3(ctx);
		raw->values[3] = PT_REGS_PARM4(ctx);
		raw->values[4] = PT_REGS_PARM5(ctx);
		raw->values[5] = ctx->r9;
	}
	return raw;
}

INLINE __u64 raw_value(struct tr_raw_args *raw, __u8 index)
{
	return index < 6 ? raw->values[index] : 0;
}

/* Process filters of all selectors: a bit for each that may still win. */
INLINE __u32 active_selectors(const volatile struct tr_hook_plan *hook, struct tr_task_entry *entry, __u32 pid)
{
	__u32 active = 0;

	for (__u32 s = 0; s < MAX_SELECTORS; s++) {
		const volatile struct tr_selector *selector = &hook->selectors[s];
		bool passes = true;

		if (s >= hook->selector_count)
			break;
		for (__u32 f = 0; f < MAX_PROCESS_FILTERS; f++) {
			if (f >= selector->process_count)
				break;
			if (!process_passes(&selector->process[f], entry, pid)) {
				passes = false;
				break;
			}
		}
		if (passes)
			active |= 1u << s;
	}
	return active;
}

INLINE void read_arguments(const volatile struct tr_hook_plan *hook, struct tr_raw_args *raw)
{
	__u32 offset = 4;

	for (__u32 a = 0; a < MAX_ARGS; a++) {
		struct tr_slot *slot;

		if (a >= hook->arg_count)
			break;
		read_arg(a, &hook->args[a], raw_value(raw, hook->args[a].index), raw_value(raw, hook->args[a].size_arg));
		slot = slot_of(a);
		if (!slot)
			break;
		slot->beyond = offset >= FILTER_WINDOW;
		offset += buffer_size(hook->args[a].type, slot);
	}
}

/* The first active selector whose filters all pass; NO_ARG if none. */
INLINE __u32 winner(const volatile struct tr_hook_plan *hook, __u32 active)
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
			if (!filter_passes(&selector->args[f])) {
				passes = false;
				break;
			}
		}
		if (passes)
			return s;
	}
	return NO_ARG;
}

INLINE void post(const volatile struct tr_hook_plan *hook, __u32 number, struct tr_task_entry *entry, __u32 pid,
		 __u8 selector, __u8 action)
{
	__u32 zero = 0, position = sizeof(struct tr_hook_record);
	struct tr_output *out = bpf_map_lookup_elem(&output, &zero);
	struct tr_hook_record *record;

	if (!out)
		return;
	record = (void *)out;
	__builtin_memset(record, 0, sizeof(*record));
	record->head.kind = RECORD_HOOK;
	record->head.pid = pid;
	record->head.tid = current_tid();
	record->head.time_ns = bpf_ktime_get_boot_ns();
	record->head.start_ns = entry ? entry->start_ns : 0;
	record->hook = number;
	record->selector = selector;
	record->action = action;
	record->arg_count = hook->arg_count;
	for (__u32 a = 0; a < MAX_ARGS; a++) {
		if (a >= hook->arg_count)
			break;
		position = output_arg(a, position);
	}
	output_hook(position);
}

INLINE int run_hook(struct pt_regs *ctx, const volatile struct tr_hook_plan *hook, __u32 number)
{
	struct tr_step_state *state;
	struct tr_task_entry *entry;
	struct tr_raw_args *raw;
	__u32 active, selector = NO_ARG, pid;
	__u8 last = NO_ARG;
	bool posts = true;

	if (!inside_fence())
		return 0;
	state = step_now();
	if (!state || !state->armed)
		return 0;
	entry = entry_of_current(&pid);
	active = active_selectors(hook, entry, pid);
	if (hook->selector_count && !active)
		return 0;
	raw = load_arguments(ctx, hook->syscall);
	if (!raw)
		return 0;
	read_arguments(hook, raw);
	if (hook->selector_count) {
		selector = winner(hook, active);
		if (selector == NO_ARG)
			return 0;
	} else if (hook->silent) {
		return 0;
	}
	for (__u32 s = 0; s < MAX_SELECTORS; s++) {
		if (s >= hook->selector_count)
			break;
		if (s != selector)
			continue;
		for (__u32 a = 0; a < MAX_ACTIONS; a++) {
			if (a >= hook->selectors[s].action_count)
				break;
			last = a;
			if (!run_action(ctx, &hook->selectors[s].actions[a], hook->monitor))
				posts = false;
		}
	}
	if (plan.uses_cookies)
		number = bpf_get_attach_cookie(ctx);
	if (posts)
		post(hook, number, entry, pid, selector, last);
	return 0;
}

#endif
