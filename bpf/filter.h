/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stage: filter. Arguments against the selector's filters; all constants were parsed on the user's side. */
#ifndef TRACERIG_FILTER_H
#define TRACERIG_FILTER_H

#include "record.h"
#include "sets.h"
#include "setup.h"
#include "sockets.h"

#define SIGN (1ull << 63)

INLINE bool is_signed(__u8 load)
{
	return load == LOAD_S8 || load == LOAD_S16 || load == LOAD_S32 || load == LOAD_S64;
}

INLINE __u64 widen(__u8 load, __u64 value)
{
	switch (load) {
	case LOAD_S8:
		return (__u64)(__s64)(__s8)value;
	case LOAD_U8:
		return (__u8)value;
	case LOAD_S16:
		return (__u64)(__s64)(__s16)value;
	case LOAD_U16:
		return (__u16)value;
	case LOAD_S32:
		return (__u64)(__s64)(__s32)value;
	case LOAD_U32:
		return (__u32)value;
	default:
		return value;
	}
}

/* The ranges are sorted as unsigned numbers: signed ones are moved so that they sort alike. */
INLINE bool in_ranges(const volatile struct tr_int_range_filter *filter, __u64 value)
{
	__u64 moved = widen(filter->load, value) ^ (is_signed(filter->load) ? SIGN : 0);

	return match_ranges(moved, filter->base, filter->count);
}

INLINE bool gained(const volatile struct tr_capabilities_gained_filter *filter, struct tr_slot *before)
{
	struct tr_slot *after = slot_of(filter->second);

	return after && after->status != READ_FAULT && (after->value & ~before->value) != 0;
}

/* What the value of an argument comes to; `value` is the integer that is compared. */
INLINE bool compare(const volatile struct tr_filter *filter, struct tr_slot *slot, __u64 value)
{
	bool match;

	switch (filter->kind) {
	case FILTER_CONSTANT:
		return filter->constant.result;
	case FILTER_CAPABILITIES_GAINED:
		return gained(&filter->capabilities_gained, slot);
	case FILTER_INT_RANGE:
		match = in_ranges(&filter->int_range, value);
		break;
	case FILTER_INT_MASK:
		match = (widen(filter->int_mask.load, value) & filter->int_mask.mask) != 0;
		break;
	case FILTER_FILE_TYPE:
		match = (filter->file_type.types >> (slot->mode >> 12)) & 1;
		break;
	case FILTER_BYTES:
		match = match_bytes(filter->arg, filter->bytes.match, filter->bytes.set);
		break;
	case FILTER_ADDRESS:
		match = match_address(filter->arg, filter->address.side, filter->address.set);
		break;
	case FILTER_PORT:
		match = match_ranges(port_of(slot, filter->port.side), filter->port.base, filter->port.count);
		break;
	case FILTER_SOCKET_NUMBER:
		match = match_ranges(socket_number_of(slot, filter->socket_number.field), filter->socket_number.base,
				     filter->socket_number.count);
		break;
	default:
		return false;
	}
	return match != filter->negated;
}

/* The row of the plan's table that the argument falls under, if any. */
INLINE __u8 outside(const volatile struct tr_outside *rows, struct tr_slot *slot)
{
	__u8 answer = OUTSIDE_ITSELF;

	if (slot->status == READ_FAULT)
		return rows->unreadable;
	if (slot->place >= plan.filter_window)
		answer = rows->beyond;
	if (answer == OUTSIDE_ITSELF && slot->status == READ_BAD_FD)
		answer = rows->bad_descriptor;
	if (answer == OUTSIDE_ITSELF && slot->length == 0)
		answer = rows->no_path;
	if (answer == OUTSIDE_ITSELF && rows->no_address != OUTSIDE_ITSELF && !has_address(slot))
		answer = rows->no_address;
	return answer;
}

/* Does the filter let the argument pass? `hook` is the plan's place in the object. */
INLINE bool filter_passes(const volatile struct tr_filter *filter, __u32 hook)
{
	struct tr_slot *slot = slot_of(filter->arg);
	__u64 value;
	__u8 answer;

	if (!slot)
		return false;
	answer = outside(&filter->outside, slot);
	if (answer == OUTSIDE_FAILS || answer == OUTSIDE_PASSES)
		return answer == OUTSIDE_PASSES;
	value = slot->value;
	if (answer == OUTSIDE_BYTES)
		value = wrapped_value(hook, filter->arg);
	return compare(filter, slot, value);
}

#endif
