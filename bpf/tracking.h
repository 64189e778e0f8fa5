/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Sockets that a policy follows: events about them are of the thread that had
 * them tracked. */
#ifndef TRACERIG_TRACKING_H
#define TRACERIG_TRACKING_H

#include "setup.h"

struct tr_sock_key {
	__u64 address;
	__u32 policy;
	__u32 spare;
};
struct tr_sock_owner {
	__u32 pid;
	__u32 tid;
};
/* As many as Tetragon follows; the longest unused goes first. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32000);
	__type(key, struct tr_sock_key);
	__type(value, struct tr_sock_owner);
} sockets SEC(".maps");

/* The socket in a slot; 0 if there is none. */
INLINE __u64 socket_in(struct tr_slot *slot)
{
	if (!slot || slot->status != READ_OK || (slot->type != ARG_SOCK && slot->type != ARG_SOCKET))
		return 0;
	return ((struct tr_sock_bytes *)slot->bytes)->cookie;
}

/* False if there is nothing to be tracked, or tracked no longer. `pid`: of the
 * process that the hit belongs to. */
PART int track_socket(__u32 number, __u32 policy, __u32 kind, __u32 pid)
{
	struct tr_sock_owner owner = {.pid = pid, .tid = current_tid()};
	struct tr_sock_key key = {.policy = policy};

	if (!plan.uses_tracking)
		return 0;
	key.address = socket_in(slot_of(number));
	if (!key.address)
		return 0;
	if (kind == ACTION_TRACK_SOCK)
		return bpf_map_update_elem(&sockets, &key, &owner, BPF_ANY) == 0;
	return bpf_map_delete_elem(&sockets, &key) == 0;
}

/* Of the first argument that is tracked, if one is. */
INLINE void find_owner(struct tr_sock_owner *owner, const volatile struct tr_hook_plan *hook)
{
	struct tr_sock_key key = {.policy = hook->policy};

	for (__u32 a = 0; a < MAX_ARGS; a++) {
		struct tr_sock_owner *found;

		if (a >= hook->arg_count)
			break;
		key.address = socket_in(slot_of(a));
		found = key.address ? bpf_map_lookup_elem(&sockets, &key) : NULL;
		if (found) {
			*owner = *found;
			return;
		}
	}
}

#endif
