/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Arguments that are structures of the kernel's, of which an event shows some fields. */
#ifndef TRACERIG_STRUCTURES_H
#define TRACERIG_STRUCTURES_H

#include "credentials.h"
#include "memory.h"
#include "setup.h"

/* Since 5.x a perf event's probe has its function's name behind this pointer, in a program's memory or the kernel's. */
INLINE void read_name(struct tr_named_bytes *out, __u64 address)
{
	if (kernel_address(address))
		bpf_probe_read_kernel_str(out->name, sizeof(out->name), (void *)address);
	else
		bpf_probe_read_user_str(out->name, sizeof(out->name), (void *)address);
}

INLINE void read_user_namespace(struct tr_user_namespace_bytes *out, struct user_namespace *ns)
{
	out->level = BPF_CORE_READ(ns, level);
	out->uid = BPF_CORE_READ(ns, owner.val);
	out->gid = BPF_CORE_READ(ns, group.val);
	out->inum = BPF_CORE_READ(ns, ns.inum);
}

/* The attributes are the kernel's copy already where they are an argument. */
INLINE void read_bpf_attr(struct tr_named_bytes *out, union bpf_attr *attr)
{
	out->numbers[0] = BPF_CORE_READ(attr, prog_type);
	out->numbers[1] = BPF_CORE_READ(attr, insn_cnt);
	bpf_core_read(out->name, 16, &attr->prog_name);
}

INLINE void read_bpf_prog(struct tr_named_bytes *out, struct bpf_prog *program)
{
	struct bpf_prog_aux *aux = BPF_CORE_READ(program, aux);

	out->numbers[0] = BPF_CORE_READ(program, type);
	out->numbers[1] = BPF_CORE_READ(program, len);
	bpf_core_read(out->name, 16, &aux->name);
}

INLINE void read_bpf_map(struct tr_named_bytes *out, struct bpf_map *map)
{
	out->numbers[0] = BPF_CORE_READ(map, map_type);
	out->numbers[1] = BPF_CORE_READ(map, key_size);
	out->numbers[2] = BPF_CORE_READ(map, value_size);
	out->numbers[3] = BPF_CORE_READ(map, max_entries);
	bpf_core_read(out->name, 16, &map->name);
}

INLINE void read_perf_event(struct tr_named_bytes *out, struct perf_event *event)
{
	out->numbers[0] = BPF_CORE_READ(event, attr.type);
	out->numbers[1] = BPF_CORE_READ(event, attr.config);
	out->numbers[2] = BPF_CORE_READ(event, attr.probe_offset);
	read_name(out, BPF_CORE_READ(event, attr.kprobe_func));
}

INLINE void read_module(struct tr_module_bytes *out, struct module *module)
{
	out->taints = BPF_CORE_READ(module, taints);
	bpf_probe_read_kernel_str(out->name, sizeof(out->name) - 1, __builtin_preserve_access_index(&module->name));
}

/*
 * How a module is loaded, which the kernel keeps in a type of its own. A kernel without CONFIG_MODULES has none, and so
 * neither has vmlinux.h that was made of such a one; what follows three underscores is not part of the kernel's name.
 */
struct load_info___known {
	const char *name;
	struct module *mod;
	bool sig_ok;
} __attribute__((preserve_access_index));

INLINE void read_load_info(struct tr_module_bytes *out, struct load_info___known *info)
{
	if (!bpf_core_type_exists(struct load_info___known))
		return;
	if (bpf_probe_read_kernel_str(out->name, sizeof(out->name) - 1, BPF_CORE_READ(info, name)) < 0)
		return;
	out->taints = BPF_CORE_READ(info, mod, taints);
	out->signed_well = BPF_CORE_READ(info, sig_ok);
}

/* Reads the structure at an address into the slot's bytes. */
PART int read_structure(__u32 number, __u32 type, __u64 address)
{
	struct tr_slot *slot;

	if (!plan.uses_structures)
		return 0;
	slot = slot_of(number);
	if (!slot)
		return 0;
	__builtin_memset(slot->bytes, 0, sizeof(struct tr_named_bytes));
	switch (type) {
	case ARG_CRED:
		read_creds((void *)slot->bytes, (void *)address);
		slot->length = sizeof(struct tr_creds);
		break;
	case ARG_USER_NAMESPACE:
		read_user_namespace((void *)slot->bytes, (void *)address);
		slot->length = sizeof(struct tr_user_namespace_bytes);
		break;
	case ARG_MODULE:
		read_module((void *)slot->bytes, (void *)address);
		slot->length = sizeof(struct tr_module_bytes);
		break;
	case ARG_LOAD_INFO:
		read_load_info((void *)slot->bytes, (void *)address);
		slot->length = sizeof(struct tr_module_bytes);
		break;
	default:
		if (type == ARG_BPF_ATTR)
			read_bpf_attr((void *)slot->bytes, (void *)address);
		else if (type == ARG_BPF_PROG)
			read_bpf_prog((void *)slot->bytes, (void *)address);
		else if (type == ARG_BPF_MAP)
			read_bpf_map((void *)slot->bytes, (void *)address);
		else
			read_perf_event((void *)slot->bytes, (void *)address);
		slot->length = sizeof(struct tr_named_bytes);
	}
	return 0;
}

/* A set of capabilities at a pointer is an integer for filters. */
INLINE void read_capabilities(struct tr_slot *slot, __u64 address)
{
	slot->value = 0;
	if (bpf_probe_read_kernel(&slot->value, sizeof(slot->value), (void *)address))
		slot->status = READ_FAULT;
}

#endif
