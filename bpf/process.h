/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stage: process. What is known of each process in the fence, and the filters on it. */
#ifndef TRACERIG_PROCESS_H
#define TRACERIG_PROCESS_H

#include "filter.h"
#include "path.h"
#include "setup.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct tr_task_entry);
} tasks SEC(".maps");

/* In the order of Tetragon's events: uts ipc mnt pid pid_for_children net time time_for_children cgroup user. */
INLINE __u32 namespace_of(struct task_struct *task, __u32 which)
{
	struct nsproxy *proxy = BPF_CORE_READ(task, nsproxy);
	struct pid *pid;
	__u32 level, inum = 0;

	switch (which) {
	case 0:
		return BPF_CORE_READ(proxy, uts_ns, ns.inum);
	case 1:
		return BPF_CORE_READ(proxy, ipc_ns, ns.inum);
	case 2:
		return BPF_CORE_READ(proxy, mnt_ns, ns.inum);
	case 3:
		pid = BPF_CORE_READ(task, thread_pid);
		level = BPF_CORE_READ(pid, level);
		if (level < 32) {
			struct upid *upid = &pid->numbers[level];

			inum = BPF_CORE_READ(upid, ns, ns.inum);
		}
		return inum;
	case 4:
		return BPF_CORE_READ(proxy, pid_ns_for_children, ns.inum);
	case 5:
		return BPF_CORE_READ(proxy, net_ns, ns.inum);
	case 6:
		return BPF_CORE_READ(proxy, time_ns, ns.inum);
	case 7:
		return BPF_CORE_READ(proxy, time_ns_for_children, ns.inum);
	case 8:
		return BPF_CORE_READ(proxy, cgroup_ns, ns.inum);
	default:
		return BPF_CORE_READ(task, mm, user_ns, ns.inum);
	}
}

/* Pid within the innermost pid namespace; 0 where that is the host's. */
INLINE __u32 namespace_pid(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, signal, pids[PIDTYPE_TGID]);
	__u32 level = BPF_CORE_READ(pid, level);

	if (level == 0 || level >= 32)
		return 0;
	return BPF_CORE_READ(pid, numbers[level].nr);
}

INLINE __u64 capability_set(const struct cred *cred, __u32 which)
{
	__u64 set = 0;

	/* An array of two words until 6.2, one number since: 8 bytes both. */
	if (which == 0)
		bpf_core_read(&set, sizeof(set), &cred->cap_effective);
	else if (which == 1)
		bpf_core_read(&set, sizeof(set), &cred->cap_inheritable);
	else
		bpf_core_read(&set, sizeof(set), &cred->cap_permitted);
	return set;
}

/* The entry that a hit belongs to: the process's own, or of up to three ancestors (its own is gone while it ends). */
INLINE struct tr_task_entry *entry_of_current(__u32 *pid)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	for (int i = 0; i < 4; i++) {
		__u32 tgid = BPF_CORE_READ(task, tgid);
		struct tr_task_entry *entry = bpf_map_lookup_elem(&tasks, &tgid);

		if (entry) {
			*pid = tgid;
			return entry;
		}
		task = BPF_CORE_READ(task, real_parent);
	}
	*pid = current_pid();
	return NULL;
}

/* Which matchBinaries filters the path in the slot is one of. */
PART int binary_matches(__u32 number, __u32 index)
{
	__u32 set;

	if (!plan.binary_count || index >= MAX_BINARIES)
		return 0;
	set = plan.binaries[index & (MAX_BINARIES - 1)].set;
	switch (plan.binaries[index & (MAX_BINARIES - 1)].kind) {
	case BINARY_EXACT:
		return match_equal(number, set);
	case BINARY_PREFIX:
		return match_prefix(number, set);
	case BINARY_POSTFIX:
		return match_postfix(number, set);
	}
	return 0;
}

INLINE bool pid_found(const volatile struct tr_process_filter *filter, __u32 pid)
{
	for (__u32 i = 0; i < MAX_PIDS; i++)
		if (i < filter->count && filter->values[i] == pid)
			return true;
	return false;
}

INLINE bool pid_passes(const volatile struct tr_process_filter *filter, __u32 pid)
{
	bool namespaced = filter->flags & PID_NAMESPACE, found;
	struct task_struct *task = (void *)bpf_get_current_task();
	__u32 own = namespaced ? namespace_pid(task) : pid;

	found = pid_found(filter, own);
	if (filter->flags & PID_FOLLOW_FORKS) {
		if (namespaced) {
			if (own == 0)
				return false;
			/* The recorded parent counts as 0 here (an oddity of Tetragon). */
			found = found || pid_found(filter, 0);
		}
		for (int i = 0; i < 10 && !found; i++) {
			task = BPF_CORE_READ(task, real_parent);
			found = pid_found(filter, namespaced ? namespace_pid(task) : BPF_CORE_READ(task, tgid));
		}
	}
	return found != filter->negated;
}

INLINE bool namespace_passes(const volatile struct tr_process_filter *filter)
{
	__u32 inum = namespace_of((void *)bpf_get_current_task(), filter->which);

	return pid_found(filter, inum) != filter->negated;
}

INLINE bool capability_passes(const volatile struct tr_process_filter *filter)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	const struct cred *cred = BPF_CORE_READ(task, cred);

	if ((filter->flags & CAPABILITY_NAMESPACED) && BPF_CORE_READ(cred, user_ns, ns.inum) == plan.host_user_ns)
		return false;
	return ((capability_set(cred, filter->which) & filter->mask) != 0) != filter->negated;
}

INLINE bool binary_passes(const volatile struct tr_process_filter *filter, struct tr_task_entry *entry)
{
	__u64 bits;

	if (filter->flags & BINARY_PARENT) {
		/* A child that never execs has no image before it: the filter is skipped. */
		if (!entry || !entry->parent_known)
			return true;
		bits = entry->parent_bits;
	} else {
		if (!entry || !entry->known)
			return false;
		bits = entry->bits;
	}
	if (filter->flags & BINARY_FOLLOW_CHILDREN)
		bits |= entry->ancestor_bits;
	return (bool)(bits >> (filter->which & 63) & 1) != filter->negated;
}

INLINE bool namespace_change_passes(const volatile struct tr_process_filter *filter, struct tr_task_entry *entry)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	if (!entry || !entry->recorded)
		return false;
	for (__u32 i = 0; i < MAX_TYPES; i++) {
		bool listed = filter->mask >> i & 1;

		if (listed == (bool)filter->negated || !entry->namespaces[i])
			continue;
		if (namespace_of(task, i) != entry->namespaces[i])
			return true;
	}
	return false;
}

INLINE bool capability_change_passes(const volatile struct tr_process_filter *filter, struct tr_task_entry *entry)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u64 changed;

	if (!entry || !entry->recorded || filter->which > 2)
		return false;
	changed = entry->capabilities[filter->which] ^ capability_set(BPF_CORE_READ(task, cred), filter->which);
	if (filter->negated)
		return changed && !(changed & filter->mask);
	return (changed & filter->mask) != 0;
}

INLINE bool process_passes(const volatile struct tr_process_filter *filter, struct tr_task_entry *entry, __u32 pid)
{
	switch (filter->kind) {
	case PROCESS_BINARY:
		return binary_passes(filter, entry);
	case PROCESS_PID:
		return pid_passes(filter, pid);
	case PROCESS_NAMESPACE:
		return namespace_passes(filter);
	case PROCESS_CAPABILITY:
		return capability_passes(filter);
	case PROCESS_NAMESPACE_CHANGE:
		return namespace_change_passes(filter, entry);
	case PROCESS_CAPABILITY_CHANGE:
		return capability_change_passes(filter, entry);
	default:
		return !filter->negated;
	}
}

#endif
