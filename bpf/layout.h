/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the programs and the user side share: the plan in .rodata, the keys of value sets, and the records in the ring
 * buffer. This is the one source: kernel-backend/layout/generated.ts is made from it (`npm run layout`), and native/
 * includes it. Numbers are constants of enumerations, since macros leave no trace in type information.
 */
#ifndef TRACERIG_LAYOUT_H
#define TRACERIG_LAYOUT_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

#include "layout-kinds.h"
#include "layout-plan.h"
#include "layout-records.h"

#endif
