/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Paths: from a dentry up through the mounts to the task's root, as d_path does, written from the end of a buffer. */
#ifndef TRACERIG_PATH_H
#define TRACERIG_PATH_H

#include "setup.h"

struct tr_walk {
	__u64 dentry;
	__u64 vfsmount; /* 0: stay within the mount */
	__u64 mount_root;
	__u64 root_dentry;
	__u64 root_vfsmount;
	__u32 position; /* the path so far is buffer[position .. PATH_SIZE) */
	__u32 overrun;
	__u8 buffer[2 * PATH_SIZE];
};

/* One for hooks, one for the process programs. */
#define WALK_HOOK 0
#define WALK_PROCESS 1
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct tr_walk);
} walks SEC(".maps");

#define CHUNK 64
#define CHUNKS 32

/* One component or mount upwards; true at the root. */
INLINE bool walk_step(struct tr_walk *walk)
{
	struct dentry *dentry = (void *)walk->dentry, *parent;
	struct qstr name;
	__u32 length, position;

	if (walk->dentry == walk->root_dentry && walk->vfsmount == walk->root_vfsmount)
		return true;
	parent = BPF_CORE_READ(dentry, d_parent);
	if (walk->dentry == walk->mount_root || parent == dentry) {
		struct mount *mount, *above;

		if (!walk->vfsmount)
			return true;
		mount = container_of((struct vfsmount *)walk->vfsmount, struct mount, mnt);
		above = BPF_CORE_READ(mount, mnt_parent);
		if (above == mount || !above)
			return true;
		walk->dentry = (__u64)BPF_CORE_READ(mount, mnt_mountpoint);
		walk->vfsmount = (__u64)__builtin_preserve_access_index(&above->mnt);
		walk->mount_root = (__u64)BPF_CORE_READ(above, mnt.mnt_root);
		return false;
	}
	BPF_CORE_READ_INTO(&name, dentry, d_name);
	length = name.len & 0xff;
	position = walk->position;
	if (position <= length || position > PATH_SIZE) {
		walk->overrun = 1;
		return true;
	}
	position -= length + 1;
	/* Else clang uses the old position plus one, and the verifier loses the bound. */
	asm volatile("%0 &= 4095" : "+r"(position));
	walk->position = position;
	walk->buffer[position] = '/';
	bpf_probe_read_kernel(&walk->buffer[position + 1], length, name.name);
	walk->dentry = (__u64)parent;
	return false;
}

PART int walk_chunk(__u32 which)
{
	struct tr_walk *walk;

	if (!plan.uses_paths)
		return 1;
	walk = bpf_map_lookup_elem(&walks, &which);
	if (!walk)
		return 1;
	for (int i = 0; i < CHUNK; i++)
		if (walk_step(walk))
			return 1;
	return 0;
}

/* Walks what `walk` was set to, and leaves the path in the slot. */
PART int walk_path(__u32 which, __u32 number)
{
	struct tr_walk *walk;
	struct tr_slot *slot;
	__u32 length, position;
	int done = 0;

	if (!plan.uses_paths)
		return 0;
	for (int i = 0; i < CHUNKS && !done; i++)
		done = walk_chunk(which);
	walk = bpf_map_lookup_elem(&walks, &which);
	slot = slot_of(number);
	if (!walk || !slot)
		return 0;
	position = walk->position;
	if (!done || walk->overrun || position > PATH_SIZE || position == 0) {
		slot->status = READ_UNRESOLVED;
		slot->length = 0;
		return 0;
	}
	length = PATH_SIZE - position;
	asm volatile("%0 &= 4095" : "+r"(length));
	asm volatile("%0 &= 4095" : "+r"(position));
	slot->length = length;
	if (length)
		bpf_probe_read_kernel(slot->bytes, length, &walk->buffer[position]);
	return 0;
}

INLINE void walk_begin(__u32 which, struct dentry *dentry, struct vfsmount *vfsmount)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct tr_walk *walk = bpf_map_lookup_elem(&walks, &which);
	struct fs_struct *fs = BPF_CORE_READ(task, fs);

	if (!walk)
		return;
	walk->dentry = (__u64)dentry;
	walk->vfsmount = (__u64)vfsmount;
	walk->mount_root = vfsmount ? (__u64)BPF_CORE_READ(vfsmount, mnt_root) : 0;
	walk->root_dentry = (__u64)BPF_CORE_READ(fs, root.dentry);
	walk->root_vfsmount = (__u64)BPF_CORE_READ(fs, root.mnt);
	walk->position = PATH_SIZE;
	walk->overrun = 0;
	/* Unlinked: no longer in the hash of names. A root (of a pipe, too) never was. */
	if (!BPF_CORE_READ(dentry, d_hash.pprev) && BPF_CORE_READ(dentry, d_parent) != dentry &&
	    BPF_CORE_READ(dentry, d_inode)) {
		__u8 *end = &walk->buffer[PATH_SIZE - 10];

		end[0] = ' ', end[1] = '(', end[2] = 'd', end[3] = 'e', end[4] = 'l';
		end[5] = 'e', end[6] = 't', end[7] = 'e', end[8] = 'd', end[9] = ')';
		walk->position = PATH_SIZE - 10;
	}
}

#endif
