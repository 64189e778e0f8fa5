/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Credentials, as events of processes and arguments have them. */
#ifndef TRACERIG_CREDENTIALS_H
#define TRACERIG_CREDENTIALS_H

#include "setup.h"

INLINE __u64 capability_set(const struct cred *cred, __u32 which)
{
	__u64 set = 0;

	/* An array of two words until 6.2, one number since: 8 bytes both. */
	if (which == CAPABILITY_EFFECTIVE)
		bpf_core_read(&set, sizeof(set), &cred->cap_effective);
	else if (which == CAPABILITY_INHERITABLE)
		bpf_core_read(&set, sizeof(set), &cred->cap_inheritable);
	else
		bpf_core_read(&set, sizeof(set), &cred->cap_permitted);
	return set;
}

INLINE void read_creds(struct tr_creds *out, const struct cred *cred)
{
	out->uid = BPF_CORE_READ(cred, uid.val);
	out->gid = BPF_CORE_READ(cred, gid.val);
	out->euid = BPF_CORE_READ(cred, euid.val);
	out->egid = BPF_CORE_READ(cred, egid.val);
	out->suid = BPF_CORE_READ(cred, suid.val);
	out->sgid = BPF_CORE_READ(cred, sgid.val);
	out->fsuid = BPF_CORE_READ(cred, fsuid.val);
	out->fsgid = BPF_CORE_READ(cred, fsgid.val);
	out->securebits = BPF_CORE_READ(cred, securebits);
	out->user_ns_level = BPF_CORE_READ(cred, user_ns, level);
	out->user_ns_uid = BPF_CORE_READ(cred, user_ns, owner.val);
	out->user_ns_gid = BPF_CORE_READ(cred, user_ns, group.val);
	out->user_ns_inum = BPF_CORE_READ(cred, user_ns, ns.inum);
	out->spare = 0;
	out->effective = capability_set(cred, CAPABILITY_EFFECTIVE);
	out->inheritable = capability_set(cred, CAPABILITY_INHERITABLE);
	out->permitted = capability_set(cred, CAPABILITY_PERMITTED);
}

#endif
