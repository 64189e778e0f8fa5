/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The value sets that filters refer to by number, and whether what was read is in one of them. */
#ifndef TRACERIG_SETS_H
#define TRACERIG_SETS_H

#include "setup.h"

#define VALUE_SET(name, key_type) \
	struct { \
		__uint(type, BPF_MAP_TYPE_HASH); \
		__uint(max_entries, 1); \
		__type(key, struct key_type); \
		__type(value, __u8); \
	} name SEC(".maps")
VALUE_SET(equal_32, tr_string_32);
VALUE_SET(equal_128, tr_string_128);

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct tr_string_piece);
	__type(value, __u32);
} equal_long SEC(".maps");

/* Two, as of trie_keys. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct tr_string_piece);
} piece_keys SEC(".maps");

#define TRIE(name) \
	struct { \
		__uint(type, BPF_MAP_TYPE_LPM_TRIE); \
		__uint(max_entries, 1); \
		__uint(map_flags, BPF_F_NO_PREALLOC); \
		__type(key, struct tr_trie_key); \
		__type(value, __u8); \
	} name SEC(".maps")
TRIE(prefixes);
TRIE(postfixes);

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct tr_address_key);
	__type(value, __u8);
} addresses SEC(".maps");

/* Sorted, disjoint, inclusive ranges; a filter has a run of them. Signed values are moved into unsigned order. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tr_range);
} ranges SEC(".maps");

/* Tables of searches, as layout-plan.h has them. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} searches SEC(".maps");

/* Two: one for hooks, one for the process programs. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct tr_trie_key);
} trie_keys SEC(".maps");

/* Which of the two a slot has. */
INLINE __u32 trie_scratch(__u32 number)
{
	return number == SLOT_BINARY || number == SLOT_CWD;
}

/* Fills up to the bucket's size with zeros. */
INLINE void pad(struct tr_slot *slot, __u32 length, __u32 size)
{
	__u32 zero = 0, missing = size - length;
	struct tr_zero_page *page = bpf_map_lookup_elem(&zeros, &zero);

	asm volatile("%0 &= 4095" : "+r"(length));
	asm volatile("%0 &= 4095" : "+r"(missing));
	if (page && missing)
		bpf_probe_read_kernel(&slot->bytes[length], missing, page->bytes);
}

/* A text of more than 128 bytes, piece by piece. */
PART int match_long(__u32 number, __u32 set)
{
	__u32 scratch = trie_scratch(number), length, node = set;
	struct tr_string_piece *key;
	struct tr_slot *slot;

	if (!plan.uses_long)
		return 0;
	slot = slot_of(number);
	key = bpf_map_lookup_elem(&piece_keys, &scratch);
	if (!slot || !key)
		return 0;
	length = slot->length;
	if (length >= PATH_SIZE)
		return 0;
	for (__u32 at = 0; at < PATH_SIZE; at += PIECE_SIZE) {
		__u32 size = length - at, *next;

		if (at >= length)
			break;
		if (size >= PIECE_SIZE) {
			bpf_probe_read_kernel(key->bytes, PIECE_SIZE, &slot->bytes[at]);
		} else {
			asm volatile("%0 &= 255" : "+r"(size));
			__builtin_memset(key->bytes, 0, PIECE_SIZE);
			bpf_probe_read_kernel(key->bytes, size, &slot->bytes[at]);
		}
		key->node = node;
		key->left = length - at;
		next = bpf_map_lookup_elem(&equal_long, key);
		if (!next)
			return 0;
		node = *next;
	}
	return node == LAST_PIECE;
}

PART int match_equal(__u32 number, __u32 set)
{
	struct tr_slot *slot;
	__u32 length;

	if (!plan.uses_strings && !plan.uses_paths && !plan.uses_buffers)
		return 0;
	slot = slot_of(number);
	if (!slot)
		return 0;
	slot->set = set;
	length = slot->length;
	if (length <= 32) {
		pad(slot, length, 32);
		return bpf_map_lookup_elem(&equal_32, slot) != NULL;
	}
	if (length <= 128) {
		pad(slot, length, 128);
		return bpf_map_lookup_elem(&equal_128, slot) != NULL;
	}
	return match_long(number, set);
}

PART int match_prefix(__u32 number, __u32 set)
{
	__u32 scratch = trie_scratch(number);
	struct tr_trie_key *key;
	struct tr_slot *slot;
	__u32 length;

	if (!plan.uses_prefix)
		return 0;
	slot = slot_of(number);
	key = bpf_map_lookup_elem(&trie_keys, &scratch);
	if (!slot || !key)
		return 0;
	length = slot->length;
	if (length > PREFIX_SIZE)
		length = PREFIX_SIZE;
	asm volatile("%0 &= 255" : "+r"(length));
	key->bits = 8 + length * 8;
	key->set = set;
	if (length)
		bpf_probe_read_kernel(key->bytes, length, slot->bytes);
	return bpf_map_lookup_elem(&prefixes, key) != NULL;
}

PART int match_postfix(__u32 number, __u32 set)
{
	__u32 scratch = trie_scratch(number);
	struct tr_trie_key *key;
	struct tr_slot *slot;
	__u32 length, end;

	if (!plan.uses_postfix)
		return 0;
	slot = slot_of(number);
	key = bpf_map_lookup_elem(&trie_keys, &scratch);
	if (!slot || !key)
		return 0;
	end = slot->length;
	length = end < POSTFIX_SIZE ? end : POSTFIX_SIZE;
	key->bits = 8 + length * 8;
	key->set = set;
	for (__u32 i = 0; i < POSTFIX_SIZE; i++) {
		if (i >= length)
			break;
		key->bytes[i] = slot->bytes[(end - 1 - i) & (PATH_SIZE - 1)];
	}
	return bpf_map_lookup_elem(&postfixes, key) != NULL;
}

#define SEARCH_CHUNK 256

/* The row behind so many bytes of the text. */
PART __u64 search_chunk(__u32 number, __u32 set, __u32 at, __u32 row)
{
	struct tr_slot *slot;

	if (!plan.uses_search)
		return 0;
	slot = slot_of(number);
	if (!slot)
		return 0;
	for (__u32 i = 0; i < SEARCH_CHUNK; i++) {
		__u32 place = at + i, key, *found;

		if (place >= slot->length)
			break;
		key = set + SEARCH_BYTES + slot->bytes[place & (PATH_SIZE - 1)];
		found = bpf_map_lookup_elem(&searches, &key);
		if (!found)
			break;
		key = row + *found;
		found = bpf_map_lookup_elem(&searches, &key);
		if (!found)
			break;
		row = *found;
		if (row == SEARCH_FOUND)
			break;
	}
	return row;
}

/* Both kinds: what is the same in any case has the same class. */
PART int match_substring(__u32 number, __u32 set)
{
	__u32 row = set + SEARCH_ROWS, length, *always;
	struct tr_slot *slot;

	if (!plan.uses_search)
		return 0;
	slot = slot_of(number);
	always = bpf_map_lookup_elem(&searches, &set);
	if (!slot || !always)
		return 0;
	if (*always)
		return 1;
	length = slot->length;
	for (__u32 at = 0; at < PATH_SIZE; at += SEARCH_CHUNK) {
		if (at >= length)
			break;
		row = search_chunk(number, set, at, row);
		if (row == SEARCH_FOUND)
			return 1;
	}
	return 0;
}

PART int match_ranges(__u64 value, __u32 base, __u32 count)
{
	__u32 low = base, high = base + count;

	for (int i = 0; i < 24; i++) {
		__u32 middle = low + (high - low) / 2;
		struct tr_range *range;

		if (low >= high)
			return 0;
		range = bpf_map_lookup_elem(&ranges, &middle);
		if (!range)
			return 0;
		if (value < range->from)
			high = middle;
		else if (value > range->to)
			low = middle + 1;
		else
			return 1;
	}
	return 0;
}

/* Whether the bytes in the slot match a value of the set: MATCH_EQUAL and its like. */
INLINE bool match_bytes(__u32 number, __u8 match, __u32 set)
{
	switch (match) {
	case MATCH_EQUAL:
		return match_equal(number, set);
	case MATCH_PREFIX:
		return match_prefix(number, set);
	case MATCH_POSTFIX:
		return match_postfix(number, set);
	case MATCH_SUBSTRING:
	case MATCH_SUBSTRING_IGNORE_CASE:
		return match_substring(number, set);
	default:
		return false;
	}
}

#endif
