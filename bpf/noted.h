/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Effects as a test notes them, instead of having them: its own process would be the one to be killed. */
#ifndef TRACERIG_NOTED_H
#define TRACERIG_NOTED_H

#include "setup.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tr_test_record);
} noted SEC(".maps");

INLINE struct tr_test_record *noted_so_far(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&noted, &zero);
}

PART int note_effect(__u32 kind, __s32 number)
{
	struct tr_test_record *record = noted_so_far();
	__u32 count;

	if (!record)
		return 0;
	count = record->effect_count;
	if (count >= MAX_ACTIONS)
		return 0;
	record->effects[count].kind = kind;
	record->effects[count].number = number;
	record->effect_count = count + 1;
	return 0;
}

#endif
