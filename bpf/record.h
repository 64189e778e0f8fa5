/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Tetragon's record of a hook's arguments, as far as filters depend on it: where an argument lies, and the bytes that a
 * filter finds at the wrapped place of one that lies too far behind. The parts of each type come with the plan.
 */
#ifndef TRACERIG_RECORD_H
#define TRACERIG_RECORD_H

#include "setup.h"

/* Of what could not be read, and of a descriptor without a file, the record holds the status alone. */
INLINE bool has_data(struct tr_slot *slot)
{
	return slot->status != READ_FAULT && slot->status != READ_BAD_FD;
}

/* Bytes of an argument's data, without the status word. */
INLINE __u32 data_size(const volatile struct tr_arg_plan *arg, struct tr_slot *slot)
{
	__u32 size = 0;

	if (!has_data(slot))
		return 0;
	for (__u32 i = 0; i < MAX_PARTS; i++) {
		size += arg->parts[i].bytes;
		if (arg->parts[i].kind == PART_COUNTED || arg->parts[i].kind == PART_UNCOUNTED)
			size += slot->length;
	}
	return size;
}

/* An integer argument as its type has it. */
INLINE __u64 typed_value(struct tr_slot *slot)
{
	switch (slot->type) {
	case ARG_S8:
		return (__s64)(__s8)slot->value;
	case ARG_U8:
		return (__u8)slot->value;
	case ARG_S16:
		return (__s64)(__s16)slot->value;
	case ARG_U16:
		return (__u16)slot->value;
	default:
		return slot->value;
	}
}

/* What an integer part holds, or the count of a counted one. */
INLINE __u64 part_value(struct tr_slot *slot, __u8 kind)
{
	switch (kind) {
	case PART_VALUE:
		return typed_value(slot);
	case PART_SIZE:
		return slot->value;
	case PART_FLAGS:
		return slot->status == READ_UNRESOLVED ? plan.unresolved_path : 0;
	case PART_MODE:
		return slot->mode;
	case PART_COUNTED:
		return slot->length;
	default:
		return 0;
	}
}

/* The byte at an offset of an argument's data; 0 behind it, since there the next one's status begins. */
PART int data_byte(__u32 hook, __u32 number, __u32 offset)
{
	struct tr_slot *slot;

	if (!plan.uses_record || hook >= MAX_HOOKS || number >= MAX_ARGS)
		return 0;
	slot = slot_of(number);
	if (!slot || !has_data(slot))
		return 0;
	for (__u32 i = 0; i < MAX_PARTS; i++) {
		const volatile struct tr_part *part = &plan.hooks[hook].args[number].parts[i];
		__u32 bytes = part->bytes;

		if (offset < bytes)
			return (__u8)(part_value(slot, part->kind) >> (offset & 7) * 8);
		offset -= bytes;
		if (part->kind != PART_COUNTED && part->kind != PART_UNCOUNTED)
			continue;
		if (offset < slot->length)
			return slot->bytes[offset & (PATH_SIZE - 1)];
		offset -= slot->length;
	}
	return 0;
}

/* The byte at an offset of the record, which lies before the argument at the position. */
PART int record_byte(__u32 hook, __u32 number, __u32 offset)
{
	__u32 owner = NO_INDEX, place = 0;

	if (!plan.uses_record)
		return 0;
	for (__u32 a = 0; a < MAX_ARGS; a++) {
		struct tr_slot *slot = slot_of(a);

		if (a >= number || !slot || slot->place > offset)
			break;
		owner = a;
		place = slot->place;
	}
	/* Before the first there is its status alone. */
	return owner == NO_INDEX ? 0 : data_byte(hook, owner, offset - place);
}

/* What a filter on an argument beyond the window compares: the eight bytes at the wrapped place, as an integer. */
PART __u64 wrapped_value(__u32 hook, __u32 number)
{
	struct tr_slot *slot;
	__u64 value = 0;

	if (!plan.uses_record)
		return 0;
	slot = slot_of(number);
	if (!slot)
		return 0;
	for (__u32 i = 0; i < 8; i++)
		value |= (__u64)(__u8)record_byte(hook, number, slot->place % plan.filter_window + i) << i * 8;
	return value;
}

#endif
