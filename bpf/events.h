/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Execs, forks, exits, and results of system calls: records of their own, and upkeep of the process table. */
#ifndef TRACERIG_EVENTS_H
#define TRACERIG_EVENTS_H

#include "credentials.h"
#include "output.h"
#include "process.h"
#include "setup.h"

#define ARGS_CHUNK PATH_SIZE
#define ARGS_CHUNKS 24 /* by 24: 2.25 MiB, more than execve takes by default */

/* Keeps what is known of a process. Without room nothing would be told of it that depends on its image. */
INLINE void know_process(__u32 pid, struct tr_task_entry *entry)
{
	if (bpf_map_update_elem(&tasks, &pid, entry, BPF_ANY))
		count_loss(LOST_PROCESSES);
}

/* As whom the user logged in; without CONFIG_AUDIT no task has the field, and Tetragon says 0. */
INLINE __u32 login_of(struct task_struct *task)
{
	return bpf_core_field_exists(task->loginuid) ? BPF_CORE_READ(task, loginuid.val) : 0;
}

INLINE void begin(struct tr_record *record, __u8 kind, __u32 pid, __u64 start)
{
	__builtin_memset(record, 0, sizeof(*record));
	record->kind = kind;
	record->pid = pid;
	record->tid = current_tid();
	record->time_ns = bpf_ktime_get_boot_ns();
	record->start_ns = start;
}

/* One piece of the new image's argv; its length, 0 at the end. */
PART int send_args_chunk(__u32 offset)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u64 from = BPF_CORE_READ(task, mm, arg_start) + offset, end = BPF_CORE_READ(task, mm, arg_end);
	struct tr_args_record *record;
	__u64 length = end - from;
	__u32 zero = 0;

	if (from >= end)
		return 0;
	record = bpf_map_lookup_elem(&process_output, &zero);
	if (!record)
		return 0;
	if (length > ARGS_CHUNK)
		length = ARGS_CHUNK;
	asm volatile("%0 &= 8191" : "+r"(length));
	if (bpf_probe_read_user(record + 1, length, (void *)from))
		return 0;
	begin(&record->head, RECORD_ARGS, current_pid(), 0);
	record->length = length;
	send(record, sizeof(*record) + length);
	return length;
}

PART int send_args_chunks(__u32 offset)
{
	__u32 total = 0;

	for (int i = 0; i < ARGS_CHUNKS; i++) {
		__u32 length = send_args_chunk(offset + total);

		if (!length)
			break;
		total += length;
	}
	return total;
}

/* argv goes ahead of the exec's record: it may be longer than a per-CPU value. A page may be gone: then it is cut, as
 * the record says. */
INLINE __u32 send_args(void)
{
	__u32 total = 0;

	for (int i = 0; i < ARGS_CHUNKS; i++) {
		__u32 length = send_args_chunks(total);

		total += length;
		if (length < ARGS_CHUNK * ARGS_CHUNKS)
			break;
	}
	return total;
}

/* Bytes of the new image's argv. */
INLINE __u64 args_size(struct task_struct *task)
{
	return BPF_CORE_READ(task, mm, arg_end) - BPF_CORE_READ(task, mm, arg_start);
}

INLINE void read_binary(struct task_struct *task, struct tr_task_entry *entry)
{
	struct tr_slot *slot = slot_of(SLOT_BINARY);
	struct file *file = BPF_CORE_READ(task, mm, exe_file);

	if (!slot)
		return;
	slot->status = READ_OK;
	slot->length = 0;
	walk_begin(WALK_PROCESS, BPF_CORE_READ(file, f_path.dentry), BPF_CORE_READ(file, f_path.mnt));
	walk_path(WALK_PROCESS, SLOT_BINARY);
	entry->known = slot->status == READ_OK && slot->length > 0;
	for (__u32 i = 0; i < MAX_BINARIES; i++) {
		if (i >= plan.binary_count)
			break;
		if (entry->known && binary_matches(SLOT_BINARY, i))
			entry->bits |= 1ull << i;
	}
}

INLINE int on_exec(struct task_struct *task, struct linux_binprm *bprm)
{
	__u32 pid = current_pid(), zero = 0, length, cwd_length;
	struct tr_step_state *state = step_now();
	struct tr_process_output *out;
	struct tr_task_entry *old, entry = {};
	struct fs_struct *fs;
	struct tr_slot *cwd;
	long got;

	if (!inside_fence() || !state)
		return 0;
	out = bpf_map_lookup_elem(&process_output, &zero);
	if (!out)
		return 0;
	old = bpf_map_lookup_elem(&tasks, &pid);
	entry.start_ns = bpf_ktime_get_boot_ns();
	entry.parent_known = 1;
	if (old) {
		entry.parent_bits = old->bits;
		entry.ancestor_bits = old->ancestor_bits | old->bits;
		entry.effective = old->effective;
		entry.euid = old->euid;
		entry.egid = old->egid;
	}
	/* A further exec without a fork renews nothing. */
	if (old && old->recorded && !old->forked) {
		entry.recorded = 1;
		__builtin_memcpy(entry.namespaces, old->namespaces, sizeof(entry.namespaces));
		__builtin_memcpy(entry.capabilities, old->capabilities, sizeof(entry.capabilities));
	} else if (plan.uses_changes) {
		entry.recorded = 1;
		record_namespaces(&entry, task);
		record_capabilities(&entry, task);
	}
	read_binary(task, &entry);
	length = old && old->forked;
	cwd_length = old != NULL;
	know_process(pid, &entry);
	if (!state->armed)
		return 0;

	__u32 args_length = send_args();

	__builtin_memset(&out->record, 0, sizeof(out->record));
	begin(&out->record.head, RECORD_EXEC, pid, entry.start_ns);
	out->record.old_known = cwd_length;
	out->record.old_effective = entry.effective;
	out->record.old_euid = entry.euid;
	out->record.old_egid = entry.egid;
	out->record.head.from_fork = length;
	out->record.head.parent = BPF_CORE_READ(task, real_parent, tgid);
	read_creds(&out->record.creds, BPF_CORE_READ(task, cred));
	for (__u32 i = 0; i < MAX_NAMESPACES; i++)
		out->record.namespaces[i] = namespace_of(task, i);
	out->record.auid = login_of(task);
	out->record.args_length = args_length;
	out->record.args_cut = args_length < args_size(task);
	out->record.ns_pid = namespace_pid(task);
	out->record.exe_links = BPF_CORE_READ(bprm, file, f_inode, i_nlink);
	out->record.exe_inode = BPF_CORE_READ(bprm, file, f_inode, i_ino);

	got = bpf_probe_read_kernel_str(out->bytes, PATH_SIZE, BPF_CORE_READ(bprm, filename));
	length = got > 0 ? got - 1 : 0;
	asm volatile("%0 &= 4095" : "+r"(length));
	fs = BPF_CORE_READ(task, fs);
	cwd = slot_of(SLOT_CWD);
	if (!cwd)
		return 0;
	cwd->length = 0;
	cwd->status = READ_OK;
	walk_begin(WALK_PROCESS, BPF_CORE_READ(fs, pwd.dentry), BPF_CORE_READ(fs, pwd.mnt));
	walk_path(WALK_PROCESS, SLOT_CWD);
	cwd_length = cwd->length;
	out->record.cwd_unresolved = cwd->status == READ_UNRESOLVED;
	asm volatile("%0 &= 4095" : "+r"(cwd_length));
	if (cwd_length)
		bpf_probe_read_kernel(&out->bytes[length], cwd_length, cwd->bytes);
	out->record.binary_length = length;
	out->record.cwd_length = cwd_length;
	length += cwd_length;
	asm volatile("%0 &= 8191" : "+r"(length));
	send(out, sizeof(out->record) + length);
	return 0;
}

/* Just before the new image's credentials come in: what privileges it gains is seen against these. */
INLINE int on_commit_creds(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	const struct cred *cred = BPF_CORE_READ(task, cred);
	struct tr_task_entry *known, entry = {};
	__u32 pid = current_pid();

	if (!inside_fence())
		return 0;
	known = bpf_map_lookup_elem(&tasks, &pid);
	if (known)
		__builtin_memcpy(&entry, known, sizeof(entry));
	entry.effective = capability_set(cred, CAPABILITY_EFFECTIVE);
	entry.euid = BPF_CORE_READ(cred, euid.val);
	entry.egid = BPF_CORE_READ(cred, egid.val);
	know_process(pid, &entry);
	return 0;
}

INLINE int on_fork(struct task_struct *child)
{
	__u32 pid = BPF_CORE_READ(child, tgid), tid = BPF_CORE_READ(child, pid), tgid = current_pid();
	struct task_struct *parent = (void *)bpf_get_current_task();
	struct tr_step_state *state = step_now();
	struct tr_task_entry *from, entry = {};
	struct tr_record record;

	if (pid != tid || !inside_fence())
		return 0;
	from = bpf_map_lookup_elem(&tasks, &tgid);
	if (from)
		__builtin_memcpy(&entry, from, sizeof(entry));
	entry.forked = 1;
	entry.parent_known = 0;
	entry.start_ns = bpf_ktime_get_boot_ns();
	know_process(pid, &entry);
	/* A child may be made in another cgroup at once. */
	if (state && BPF_CORE_READ(child, cgroups, dfl_cgrp) != BPF_CORE_READ(parent, cgroups, dfl_cgrp))
		state->left = 1;
	if (!state || !state->armed)
		return 0;
	begin(&record, RECORD_FORK, pid, entry.start_ns);
	record.tid = pid;
	record.parent = tgid;
	record.time_ns = entry.start_ns;
	send(&record, sizeof(record));
	return 0;
}

/* Before a task, or all of its process, goes to another cgroup, whoever moves it. */
INLINE int on_move(struct task_struct *task)
{
	__u32 pid = BPF_CORE_READ(task, tgid);
	struct tr_step_state *state = step_now();

	/* Before the step begins its root only goes into the fence. */
	if (!state || (pid == state->root && !state->armed))
		return 0;
	if (bpf_map_lookup_elem(&tasks, &pid))
		state->left = 1;
	return 0;
}

INLINE int on_exit(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct tr_step_state *state = step_now();
	__u32 pid = current_pid();
	struct tr_exit_record record = {};
	struct tr_task_entry *entry;

	if (!inside_fence())
		return 0;
	entry = bpf_map_lookup_elem(&tasks, &pid);
	begin(&record.head, RECORD_EXIT, pid, entry ? entry->start_ns : 0);
	record.code = BPF_CORE_READ(task, exit_code);
	if (entry)
		bpf_map_delete_elem(&tasks, &pid);
	/* A launcher that was denied its exec is all that there is of the step, and its end none of the policy's
	 * business. */
	if (state && (state->armed || state->denied))
		send(&record, sizeof(record));
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tr_watched);
} watched SEC(".maps");

INLINE int on_sys_exit(struct pt_regs *regs, __s64 result)
{
	__u64 number = BPF_CORE_READ(regs, orig_ax);
	struct tr_call_record record = {};
	struct tr_step_state *state;
	struct tr_watched *wanted;
	__u32 zero = 0;

	if (number >= CALL_NUMBERS || !inside_fence())
		return 0;
	state = step_now();
	wanted = bpf_map_lookup_elem(&watched, &zero);
	if (!wanted || !state || !state->armed ||
	    !(wanted->bits[(number / 64) & (CALL_NUMBERS / 64 - 1)] >> (number % 64) & 1))
		return 0;
	begin(&record.head, RECORD_CALL, current_pid(), 0);
	record.result = result;
	record.number = number;
	send(&record, sizeof(record));
	return 0;
}

#endif
