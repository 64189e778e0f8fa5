/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stage: output. Records are put together in scratch, since a ring buffer reserves only constant sizes (5.10). */
#ifndef TRACERIG_OUTPUT_H
#define TRACERIG_OUTPUT_H

#include "setup.h"
#include "tracking.h"

#define OUTPUT_SIZE (sizeof(struct tr_hook_record) + MAX_ARGS * (sizeof(struct tr_arg_record) + PATH_SIZE))

struct tr_output {
	union {
		__u8 bytes[32 * 1024 - 64]; /* the most that a per-CPU value takes */
		struct tr_hook_record hook;
		/* Never here, but so their layout is in the object, where the user side can check it. */
		struct tr_arg_record arg;
		struct tr_sock_bytes sock;
		struct tr_user_namespace_bytes user_namespace;
		struct tr_named_bytes named;
		struct tr_module_bytes module;
		struct tr_exit_record exit;
		struct tr_call_record call;
		struct tr_return_record returned;
		struct tr_args_record args;
		struct tr_verdict verdict;
		struct tr_test_record test;
	};
};
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tr_output);
} output SEC(".maps");

/* Exec's, which may interrupt a hook's. */
struct tr_process_output {
	struct tr_exec_record record;
	__u8 bytes[4 * PATH_SIZE];
};
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tr_process_output);
} process_output SEC(".maps");

/* Appends the slot's argument at `position`; the position behind it, or the same if there is no room. */
PART int output_arg(__u32 number, __u32 position)
{
	__u32 zero = 0, length;
	struct tr_arg_record *head;
	struct tr_output *out;
	struct tr_slot *slot;

	slot = slot_of(number);
	out = bpf_map_lookup_elem(&output, &zero);
	if (!slot || !out || position > OUTPUT_SIZE - sizeof(*head) - PATH_SIZE)
		return position;
	length = slot->length;
	if (length > PATH_SIZE - 1)
		length = PATH_SIZE - 1;
	asm volatile("%0 &= 4095" : "+r"(length));
	head = (void *)&out->bytes[position];
	head->type = slot->type;
	head->status = slot->status;
	head->mode = slot->mode;
	head->length = length;
	head->value = slot->value;
	if (length)
		bpf_probe_read_kernel(&out->bytes[position + sizeof(*head)], length, slot->bytes);
	return position + sizeof(*head) + ((length + 7) & ~7u);
}

PART int output_hook(__u32 hook, __u32 size)
{
	__u32 zero = 0;
	struct tr_output *out = bpf_map_lookup_elem(&output, &zero);

	if (!out || size > OUTPUT_SIZE || !sent(out, size))
		count_hook_loss(hook, HOOK_RECORDS);
	return 0;
}

/* Begins a record of a hook: `kind`, and to whom it belongs. */
INLINE void begin_record(struct tr_record *head, __u8 kind, struct tr_task_entry *entry, __u32 pid)
{
	head->kind = kind;
	head->pid = pid;
	head->tid = current_tid();
	head->time_ns = bpf_ktime_get_boot_ns();
	head->start_ns = entry ? entry->start_ns : 0;
}

/* The stage: the event's record. `owner` without a pid: the event is of who runs. */
INLINE void stage_output(const volatile struct tr_hook_plan *hook, __u32 number, struct tr_task_entry *entry, __u32 pid,
			 struct tr_sock_owner owner, struct tr_verdict verdict)
{
	__u32 zero = 0, position = sizeof(struct tr_hook_record);
	struct tr_output *out = bpf_map_lookup_elem(&output, &zero);
	struct tr_hook_record *record;

	if (!out)
		return;
	record = (void *)out;
	__builtin_memset(record, 0, sizeof(*record));
	begin_record(&record->head, RECORD_HOOK, entry, pid);
	record->hook = number;
	record->selector = verdict.selector;
	record->action = verdict.action;
	record->arg_count = hook->arg_count;
	record->waits = hook->returns;
	record->posts = verdict.posts;
	record->owner_pid = owner.pid;
	record->owner_tid = owner.tid;
	for (__u32 a = 0; a < MAX_ARGS; a++) {
		if (a >= hook->arg_count)
			break;
		position = output_arg(a, position);
	}
	output_hook(record->hook, position);
}

/* The record of a call whose return nobody met. */
INLINE void output_unmet(__u32 number, struct tr_task_entry *entry, __u32 pid)
{
	struct tr_return_record record = {.hook = number, .selector = NO_INDEX, .action = NO_INDEX, .unmet = 1};

	begin_record(&record.head, RECORD_RETURN, entry, pid);
	if (!sent(&record, sizeof(record)))
		count_hook_loss(number, HOOK_RECORDS);
}

/* The record of a return, with what was returned, and what was copied then. */
INLINE void output_return(const volatile struct tr_hook_plan *hook, __u32 number, struct tr_task_entry *entry,
			  __u32 pid, struct tr_verdict verdict)
{
	__u32 zero = 0, position = sizeof(struct tr_return_record);
	struct tr_output *out = bpf_map_lookup_elem(&output, &zero);
	struct tr_return_record *record;

	if (!out)
		return;
	record = (void *)out;
	__builtin_memset(record, 0, sizeof(*record));
	begin_record(&record->head, RECORD_RETURN, entry, pid);
	record->hook = number;
	record->selector = verdict.selector;
	record->action = verdict.action;
	record->posts = verdict.posts;
	if (verdict.posts) {
		position = output_arg(RETURN_SLOT, position);
		record->arg_count = 1;
		if (hook->return_copy < MAX_ARGS) {
			position = output_arg(hook->return_copy, position);
			record->arg_count = 2;
		}
	}
	output_hook(number, position);
}

#endif
