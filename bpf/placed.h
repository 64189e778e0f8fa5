/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Arguments as a test places them, instead of reading them. */
#ifndef TRACERIG_PLACED_H
#define TRACERIG_PLACED_H

#include "setup.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, RETURN_SLOT + 1); /* by slot */
	__type(key, __u32);
	__type(value, struct tr_placed_arg);
} placed_args SEC(".maps");

PART int place_arg(__u32 number, __u8 type)
{
	struct tr_placed_arg *placed = bpf_map_lookup_elem(&placed_args, &number);
	struct tr_slot *slot = slot_of(number);
	__u32 length;

	if (!placed || !slot)
		return 0;
	length = placed->length;
	asm volatile("%0 &= 4095" : "+r"(length));
	slot->type = type;
	slot->value = placed->value;
	slot->status = placed->status;
	slot->mode = placed->mode;
	slot->length = length;
	if (length)
		bpf_probe_read_kernel(slot->bytes, length, placed->bytes);
	return 0;
}

#endif
