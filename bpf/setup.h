/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stage: setup. The plan, the maps, and the two questions asked first: is this task ours, and has the step begun? */
#ifndef TRACERIG_SETUP_H
#define TRACERIG_SETUP_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "layout.h"

#define INLINE static __always_inline
/*
 * Parts that the verifier looks at once, with unknown arguments: the same code inlined is refused on all kernels ("The
 * sequence of 8193 jumps is too complex"). They take numbers only (5.10), so each looks its scratch up again.
 */
#define PART __attribute__((noinline))

/* Everything that varies. The verifier drops what a plan does not use. The digest is what the user side looks for. */
const volatile struct tr_plan plan = {.layout = LAYOUT_DIGEST};

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} fence SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tr_step_state);
} step SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
} records SEC(".maps");

/* `enum tr_loss`, and `enum tr_hook_loss` of each hook: the user side says of how many. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, LOST_OF_HOOKS + HOOK_LOSSES);
	__type(key, __u32);
	__type(value, __u64);
} lost SEC(".maps");

/* The processes of the step, by pid: those that were forked in the fence are in it wherever they go. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct tr_task_entry);
} tasks SEC(".maps");

/*
 * Whether a hook's program is at work on this processor: its scratch is for one. Programs of probes shut each other
 * out, but those of trampolines, raw tracepoints and uprobes may be interrupted by a probe, or by another task where
 * the kernel preempts them. A hit within is passed over, and counted.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} busy SEC(".maps");

/* A value as it was read. `set`, `length` and `bytes` begin it so that they can be a map's key as they lie. */
struct tr_slot {
	__u32 set;
	__u32 length;
	__u8 bytes[2 * PATH_SIZE]; /* what follows the 4096th is room for what the verifier thinks possible */
	__u64 value;
	__u16 mode;
	__u8 status;
	__u8 type;
	__u32 place; /* of its data in Tetragon's record */
};

/* Scratch of the hooks: one for each argument, and RETURN_SLOT; of the process programs, which may interrupt a hook's.
 */
#define SLOT_BINARY MAX_ARGS
#define SLOT_CWD (MAX_ARGS + 1)
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, RETURN_SLOT + 1);
	__type(key, __u32);
	__type(value, struct tr_slot);
} slots SEC(".maps");

struct tr_zero_page {
	__u8 bytes[PATH_SIZE];
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tr_zero_page);
} zeros SEC(".maps");

INLINE struct tr_slot *slot_of(__u32 number)
{
	return bpf_map_lookup_elem(&slots, &number);
}

INLINE struct tr_step_state *step_now(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&step, &zero);
}

INLINE __u32 current_pid(void)
{
	return bpf_get_current_pid_tgid() >> 32;
}

INLINE __u32 current_tid(void)
{
	return (__u32)bpf_get_current_pid_tgid();
}

/*
 * In the cgroup, or once of it: a process may be moved to another cgroup, and is the step's all the same. An empty slot
 * makes the helper fail with a negative number: only 1 means inside.
 */
INLINE bool inside_fence(void)
{
	struct tr_step_state *state;
	__u32 pid;

	if (bpf_current_task_under_cgroup(&fence, 0) == 1)
		return true;
	state = step_now();
	if (!state || !state->left)
		return false;
	pid = current_pid();
	return bpf_map_lookup_elem(&tasks, &pid) != NULL;
}

/* Which program runs a hook's stages. A test's runs in no fence. */
enum tr_source { FROM_PROBE, FROM_LSM, FROM_TEST };

INLINE bool stage_setup(enum tr_source source)
{
	struct tr_step_state *state;

	if (source != FROM_TEST && !inside_fence())
		return false;
	state = step_now();
	return state && state->armed;
}

INLINE void count_loss(__u32 what)
{
	__u64 *count = bpf_map_lookup_elem(&lost, &what);

	if (count)
		*count += 1;
}

/* Of the hook whose number records carry. */
INLINE void count_hook_loss(__u32 hook, enum tr_hook_loss what)
{
	count_loss(LOST_OF_HOOKS + hook * HOOK_LOSSES + what);
}

/*
 * False, and counted, if another hook's program is at work. Whoever gets true calls `leave_scratch`. What an addition
 * comes to is no part of it before 5.12: whoever does not find itself alone afterwards gives way, at worst both.
 */
INLINE bool enter_scratch(__u32 hook)
{
	__u32 zero = 0, *workers = bpf_map_lookup_elem(&busy, &zero);

	if (!workers)
		return false;
	__sync_fetch_and_add(workers, 1);
	if (*(volatile __u32 *)workers == 1)
		return true;
	__sync_fetch_and_add(workers, -1);
	count_hook_loss(hook, HOOK_BUSY);
	return false;
}

INLINE void leave_scratch(void)
{
	__u32 zero = 0, *workers = bpf_map_lookup_elem(&busy, &zero);

	if (workers)
		__sync_fetch_and_add(workers, -1);
}

INLINE bool sent(void *record, __u64 size)
{
	return bpf_ringbuf_output(&records, record, size, BPF_RB_NO_WAKEUP) == 0;
}

/* A record that belongs to no hook. */
INLINE void send(void *record, __u64 size)
{
	if (!sent(record, size))
		count_loss(LOST_RECORDS);
}

/* The number that a hook's records carry: the plan's place in the object, unless the probe or the plan tells it. */
INLINE __u32 hook_number(void *ctx, const volatile struct tr_hook_plan *hook, __u32 number)
{
	if (hook->entry != ENTRY_FUNCTION && hook->entry != ENTRY_SYSCALL)
		return hook->number;
	return plan.uses_cookies ? bpf_get_attach_cookie(ctx) : number;
}

#endif
