/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reading at an address that may be the kernel's or a program's. */
#ifndef TRACERIG_MEMORY_H
#define TRACERIG_MEMORY_H

#include "setup.h"

/* A pointer of the kernel's, or a program's. */
INLINE bool kernel_address(__u64 address)
{
	return (__s64)address < 0;
}

INLINE long read_bytes(void *to, __u32 size, __u64 address)
{
	if (kernel_address(address))
		return bpf_probe_read_kernel(to, size, (void *)address);
	return bpf_probe_read_user(to, size, (void *)address);
}

#endif
