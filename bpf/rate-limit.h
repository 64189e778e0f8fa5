/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Rate limits of Post: by hook, the action before it, scope and the begin of each argument's data. */
#ifndef TRACERIG_RATE_LIMIT_H
#define TRACERIG_RATE_LIMIT_H

#include "record.h"
#include "setup.h"

/* Bytes of an argument's data that are part of the key. */
#define LIMIT_BYTES 36

struct tr_limit_key {
	__u32 hook;
	__u32 previous;
	__u64 scope;
	struct {
		__u32 status;
		__u8 bytes[LIMIT_BYTES];
	} args[MAX_ARGS];
};

/* When the event was posted last, in nanoseconds since boot. The longest unused goes first, as with Tetragon. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, struct tr_limit_key);
	__type(value, __u64);
} limits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tr_limit_key);
} limit_keys SEC(".maps");

INLINE struct tr_limit_key *limit_key(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&limit_keys, &zero);
}

/* A text's length, and as much of it as has room behind. */
INLINE void put_text(__u8 *to, struct tr_slot *slot)
{
	__u32 length = slot->length;

	__builtin_memcpy(to, &length, sizeof(length));
	if (length > LIMIT_BYTES - sizeof(length))
		length = LIMIT_BYTES - sizeof(length);
	if (length)
		bpf_probe_read_kernel(to + sizeof(length), length, slot->bytes);
}

INLINE void put_number(__u8 *to, __u64 value)
{
	__builtin_memcpy(to, &value, sizeof(value));
}

/* Both ends, as Tetragon's record of a socket begins; of an address its family comes with them. */
INLINE void put_socket(__u8 *to, struct tr_sock_bytes *socket)
{
	__builtin_memcpy(to, socket->saddr, 16);
	__builtin_memcpy(to + 16, socket->daddr, 16);
	__builtin_memcpy(to + 32, &socket->sport, 2);
	__builtin_memcpy(to + 34, &socket->dport, 2);
}

/* Puts one argument into the key. */
PART int limit_arg(__u32 number)
{
	struct tr_limit_key *key;
	struct tr_slot *slot;
	__u32 length;
	__u8 *to;

	if (!plan.uses_limits || number >= MAX_ARGS)
		return 0;
	slot = slot_of(number);
	key = limit_key();
	if (!slot || !key)
		return 0;
	to = key->args[number].bytes;
	__builtin_memset(&key->args[number], 0, sizeof(key->args[number]));
	key->args[number].status = slot->status == READ_FAULT ? slot->status | slot->mode << 16 : slot->status;
	if (slot->status == READ_BAD_FD)
		put_number(to, slot->value);
	if (!has_data(slot))
		return 0;
	switch (slot->type) {
	case ARG_NOP:
		break;
	case ARG_STRING:
	case ARG_FILENAME:
	case ARG_NET_DEVICE:
	case ARG_FILE:
	case ARG_PATH:
	case ARG_DENTRY:
	case ARG_FD:
	case ARG_KIOCB:
	case ARG_BINPRM:
		put_text(to, slot);
		break;
	case ARG_CONST_BUF:
		length = slot->length;
		if (length > LIMIT_BYTES)
			length = LIMIT_BYTES;
		if (length)
			bpf_probe_read_kernel(to, length, slot->bytes);
		break;
	case ARG_CHAR_BUF:
	case ARG_IOV_ITER:
		/* The size that was asked for, and then that of what was read. */
		__builtin_memcpy(to, &slot->value, 4);
		length = slot->length;
		if (length > LIMIT_BYTES - 8)
			length = LIMIT_BYTES - 8;
		bpf_probe_read_kernel(to + 8, length, slot->bytes);
		break;
	case ARG_SOCKADDR:
		__builtin_memcpy(to + 16, slot->bytes, 2);
		__builtin_memcpy(to, ((struct tr_sock_bytes *)slot->bytes)->saddr, 16);
		__builtin_memcpy(to + 32, &((struct tr_sock_bytes *)slot->bytes)->sport, 2);
		break;
	case ARG_SOCK:
	case ARG_SOCKET:
	case ARG_SKB:
		put_socket(to, (void *)slot->bytes);
		break;
	case ARG_CRED:
	case ARG_USER_NAMESPACE:
		/* Both begin as Tetragon's do. */
		bpf_probe_read_kernel(to, slot->type == ARG_CRED ? LIMIT_BYTES : sizeof(struct tr_user_namespace_bytes),
				      slot->bytes);
		break;
	case ARG_MODULE:
	case ARG_LOAD_INFO:
		bpf_probe_read_kernel(to, LIMIT_BYTES, slot->bytes);
		break;
	case ARG_S32:
	case ARG_U32:
		/* What stands in the register's upper half is nobody's. */
		put_number(to, (__u32)slot->value);
		break;
	default:
		put_number(to, typed_value(slot));
	}
	return 0;
}

INLINE __u64 limit_scope(__u8 scope)
{
	switch (scope) {
	case LIMIT_THREAD:
		return current_tid();
	case LIMIT_PROCESS:
		return current_pid();
	default:
		return 0;
	}
}

/*
 * Whether the event is suppressed; if not, it counts as posted now. The machine is taken to be up for longer than any
 * window.
 */
INLINE bool limited(const volatile struct tr_post *post, __u32 hook, __u8 previous, __u32 arg_count)
{
	struct tr_limit_key *key = limit_key();
	__u64 now = bpf_ktime_get_boot_ns(), *last;

	if (!key)
		return false;
	__builtin_memset(key, 0, sizeof(*key));
	key->hook = hook;
	key->previous = previous;
	key->scope = limit_scope(post->scope);
	for (__u32 a = 0; a < MAX_ARGS; a++) {
		if (a >= arg_count)
			break;
		limit_arg(a);
	}
	last = bpf_map_lookup_elem(&limits, key);
	if (last && now - *last < post->window_ms * 1000000ull)
		return true;
	bpf_map_update_elem(&limits, key, &now, BPF_ANY);
	return false;
}

#endif
