/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The selectors without a hook: BPF_PROG_TEST_RUN takes no kprobe programs, but it takes raw tracepoints. Numbers come as
 * the context's arguments and texts in a map; the answer is the winning selector. So any kernel with BPF can tell whether
 * these programs and the engine agree.
 */
#ifndef TRACERIG_TEST_H
#define TRACERIG_TEST_H

#include "hook.h"

struct tr_test_text {
	__u32 length;
	__u8 status;
	__u8 spare;
	__u16 mode;
	__u8 bytes[PATH_SIZE];
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_ARGS);
	__type(key, __u32);
	__type(value, struct tr_test_text);
} test_texts SEC(".maps");

PART int place_text(__u32 number)
{
	struct tr_test_text *text = bpf_map_lookup_elem(&test_texts, &number);
	struct tr_slot *slot = slot_of(number);
	__u32 length;

	if (!text || !slot)
		return 0;
	length = text->length;
	asm volatile("%0 &= 4095" : "+r"(length));
	slot->status = text->status;
	slot->mode = text->mode;
	slot->length = length;
	if (length)
		bpf_probe_read_kernel(slot->bytes, length, text->bytes);
	return 0;
}

INLINE int run_test(struct bpf_raw_tracepoint_args *ctx)
{
	const volatile struct tr_hook_plan *hook = &plan.hooks[0];
	__u64 raw[MAX_ARGS] = {ctx->args[0], ctx->args[1], ctx->args[2], ctx->args[3], ctx->args[4]};
	__u32 pid = current_pid();

	for (__u32 a = 0; a < MAX_ARGS; a++) {
		struct tr_slot *slot = slot_of(a);

		if (a >= hook->arg_count || !slot)
			break;
		slot->type = hook->args[a].type;
		slot->value = raw[a];
		slot->length = 0;
		slot->status = READ_OK;
		slot->beyond = 0;
		if (slot->type >= ARG_STRING)
			place_text(a);
	}
	return winner(hook, active_selectors(hook, NULL, pid));
}

#endif
