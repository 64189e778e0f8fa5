/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stage: args. Each argument of the plan is read into its slot, in the plan's order. */
#ifndef TRACERIG_ARGS_H
#define TRACERIG_ARGS_H

#include "memory.h"
#include "path.h"
#include "placed.h"
#include "record.h"
#include "setup.h"
#include "sockets.h"
#include "structures.h"

PART int read_string(__u32 number, __u64 address)
{
	struct tr_slot *slot;
	long length;

	if (!plan.uses_strings)
		return 0;
	slot = slot_of(number);
	if (!slot)
		return 0;
	if (kernel_address(address))
		length = bpf_probe_read_kernel_str(slot->bytes, PATH_SIZE, (void *)address);
	else
		length = bpf_probe_read_user_str(slot->bytes, PATH_SIZE, (void *)address);
	if (length < 0)
		slot->status = READ_FAULT;
	/* Without its NUL. Of an empty text in user space the helper returns 0. */
	slot->length = length > 0 ? length - 1 : 0;
	return 0;
}

PART int read_buffer(__u32 number, __u64 address, __u64 size, __u32 limit)
{
	struct tr_slot *slot;
	long error;

	if (!plan.uses_buffers)
		return 0;
	slot = slot_of(number);
	if (!slot)
		return 0;
	slot->value = size;
	if (size > limit)
		size = limit;
	asm volatile("%0 &= 4095" : "+r"(size));
	error = read_bytes(slot->bytes, size, address);
	slot->length = error ? 0 : size;
	if (error)
		slot->status = READ_FAULT;
	return 0;
}

/* The first segment of what is read or written; kernels before 5.14 do not say of which kind it is. */
INLINE void read_iterator(__u32 number, struct iov_iter *iterator, __u32 limit)
{
	__u64 address = 0, size = 0;

	if (bpf_core_field_exists(iterator->iter_type)) {
		__u8 type = BPF_CORE_READ(iterator, iter_type);

		if (type == bpf_core_enum_value(enum iter_type, ITER_IOVEC)) {
			const struct kvec *first = BPF_CORE_READ(iterator, kvec);

			address = (__u64)BPF_CORE_READ(first, iov_base);
			size = BPF_CORE_READ(first, iov_len);
		} else if (bpf_core_enum_value_exists(enum iter_type, ITER_UBUF) &&
			   type == bpf_core_enum_value(enum iter_type, ITER_UBUF)) {
			address = (__u64)BPF_CORE_READ(iterator, ubuf);
			size = BPF_CORE_READ(iterator, count);
		}
	}
	read_buffer(number, address, size, limit);
}

PART int read_path(__u32 number, __u64 dentry, __u64 vfsmount)
{
	if (!plan.uses_paths)
		return 0;
	walk_begin(WALK_HOOK, (void *)dentry, (void *)vfsmount);
	walk_path(WALK_HOOK, number);
	return 0;
}

INLINE void read_file(__u32 number, struct tr_slot *slot, struct file *file)
{
	slot->mode = BPF_CORE_READ(file, f_inode, i_mode);
	read_path(number, (__u64)BPF_CORE_READ(file, f_path.dentry), (__u64)BPF_CORE_READ(file, f_path.mnt));
}

/* The file behind a descriptor of the current task's, or NULL. */
INLINE struct file *file_of(__u32 descriptor)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file *file = NULL;

	if (table && descriptor < BPF_CORE_READ(table, max_fds))
		bpf_probe_read_kernel(&file, sizeof(file), BPF_CORE_READ(table, fd) + descriptor);
	return file;
}

#define TS_COMPAT 2            /* asm/thread_info.h; no enumeration, so not in BTF */
#define COMPAT_CALL 0x80000000 /* in the number of a system call of a 32-bit program */

INLINE bool in_compat_call(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return BPF_CORE_READ(task, thread_info.status) & TS_COMPAT;
}

/* Follows the plan's steps from `value`; 0, or the number of the step that met a bad address. */
INLINE __u16 resolve(const volatile struct tr_arg_plan *arg, __u64 *value)
{
	for (__u32 s = 0; s < MAX_STEPS; s++) {
		if (s >= arg->step_count)
			break;
		*value += arg->steps[s].offset;
		if (arg->steps[s].pointer && read_bytes(value, sizeof(*value), *value))
			return s + 1;
	}
	return 0;
}

/* Reads the argument at a position; `raw` is what the function got, `size` of what holds a buffer's size. */
INLINE void read_arg(__u32 number, const volatile struct tr_arg_plan *arg, __u64 raw, __u64 size)
{
	struct tr_slot *slot = slot_of(number);
	struct file *file;

	if (!slot)
		return;
	slot->length = 0;
	slot->status = READ_OK;
	slot->type = arg->type;
	slot->mode = resolve(arg, &raw);
	slot->value = raw;
	if (slot->mode) {
		slot->status = READ_FAULT;
		return;
	}
	switch (arg->type) {
	case ARG_S8:
	case ARG_U8:
	case ARG_S16:
	case ARG_U16:
	case ARG_S32:
	case ARG_U32:
	case ARG_64:
	case ARG_NOP:
		break;
	case ARG_STRING:
		read_string(number, raw);
		break;
	case ARG_CHAR_BUF:
		read_buffer(number, raw, size, arg->limit);
		break;
	case ARG_CONST_BUF:
		read_buffer(number, raw, arg->limit, arg->limit);
		break;
	case ARG_IOV_ITER:
		read_iterator(number, (void *)raw, arg->limit);
		break;
	case ARG_SYSCALL64:
		if (in_compat_call())
			slot->value |= COMPAT_CALL;
		break;
	case ARG_FD:
		file = file_of(raw);
		if (file)
			read_file(number, slot, file);
		else
			slot->status = READ_BAD_FD;
		break;
	case ARG_FILE:
		read_file(number, slot, (void *)raw);
		break;
	case ARG_KIOCB:
		read_file(number, slot, BPF_CORE_READ((struct kiocb *)raw, ki_filp));
		break;
	case ARG_BINPRM:
		read_file(number, slot, BPF_CORE_READ((struct linux_binprm *)raw, file));
		break;
	case ARG_PATH:
		slot->mode = BPF_CORE_READ((struct path *)raw, dentry, d_inode, i_mode);
		read_path(number, (__u64)BPF_CORE_READ((struct path *)raw, dentry),
			  (__u64)BPF_CORE_READ((struct path *)raw, mnt));
		break;
	case ARG_DENTRY:
		slot->mode = BPF_CORE_READ((struct dentry *)raw, d_inode, i_mode);
		read_path(number, raw, 0);
		break;
	case ARG_SOCK:
		read_sock(number, raw);
		break;
	case ARG_SOCKET:
		read_sock(number, (__u64)BPF_CORE_READ((struct socket *)raw, sk));
		break;
	case ARG_SOCKADDR:
		read_sockaddr(number, raw);
		break;
	case ARG_SOCKADDR_UN:
		read_unix_address(number, raw);
		break;
	case ARG_SKB:
		read_packet(number, raw);
		break;
	case ARG_CAPABILITIES:
		read_capabilities(slot, raw);
		break;
	case ARG_FILENAME:
		read_string(number, (__u64)BPF_CORE_READ((struct filename *)raw, name));
		break;
	case ARG_NET_DEVICE:
		read_string(number, (__u64)__builtin_preserve_access_index(&((struct net_device *)raw)->name));
		break;
	case ARG_CRED:
	case ARG_USER_NAMESPACE:
	case ARG_BPF_ATTR:
	case ARG_BPF_PROG:
	case ARG_BPF_MAP:
	case ARG_PERF_EVENT:
	case ARG_MODULE:
	case ARG_LOAD_INFO:
		read_structure(number, arg->type, raw);
		break;
	}
}

struct tr_raw_args {
	__u64 values[6];
	__u64 context; /* the program's: registers, or a tracepoint's record */
};
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tr_raw_args);
} raw_args SEC(".maps");

/* What the function was called with, from the probe's registers or from those that a system call wrapper was given. */
INLINE struct tr_raw_args *load_from_registers(struct pt_regs *ctx, bool syscall)
{
	__u32 zero = 0;
	struct tr_raw_args *raw = bpf_map_lookup_elem(&raw_args, &zero);

	if (!raw)
		return NULL;
	raw->context = syscall ? PT_REGS_PARM1(ctx) : (__u64)ctx;
	if (syscall) {
		struct pt_regs *inner = (void *)PT_REGS_PARM1(ctx);

		raw->values[0] = PT_REGS_PARM1_CORE_SYSCALL(inner);
		raw->values[1] = PT_REGS_PARM2_CORE_SYSCALL(inner);
		raw->values[2] = PT_REGS_PARM3_CORE_SYSCALL(inner);
		raw->values[3] = PT_REGS_PARM4_CORE_SYSCALL(inner);
		raw->values[4] = PT_REGS_PARM5_CORE_SYSCALL(inner);
		raw->values[5] = BPF_CORE_READ(inner, r9);
	} else {
		raw->values[0] = PT_REGS_PARM1(ctx);
		raw->values[1] = PT_REGS_PARM2(ctx);
		raw->values[2] = PT_REGS_PARM3(ctx);
		raw->values[3] = PT_REGS_PARM4(ctx);
		raw->values[4] = PT_REGS_PARM5(ctx);
		raw->values[5] = ctx->r9;
	}
	return raw;
}

/* A trampoline's argument. The verifier asks for a constant offset, which clang
 * would compute from a variable. */
#define TRAMPOLINE_ARG(ctx, n, into) asm volatile("%0 = *(u64 *)(%1 + " #n " * 8)" : "=r"(into) : "r"(ctx))

/* The one argument that a hook of a trampoline's asks for: what lies behind its
 * last one may not be touched. */
INLINE void load_trampoline_arg(void *ctx, struct tr_raw_args *raw, __u8 index)
{
	__u64 value = 0;

	switch (index) {
	case 0:
		TRAMPOLINE_ARG(ctx, 0, value);
		raw->values[0] = value;
		break;
	case 1:
		TRAMPOLINE_ARG(ctx, 1, value);
		raw->values[1] = value;
		break;
	case 2:
		TRAMPOLINE_ARG(ctx, 2, value);
		raw->values[2] = value;
		break;
	case 3:
		TRAMPOLINE_ARG(ctx, 3, value);
		raw->values[3] = value;
		break;
	case 4:
		TRAMPOLINE_ARG(ctx, 4, value);
		raw->values[4] = value;
		break;
	case 5:
		TRAMPOLINE_ARG(ctx, 5, value);
		raw->values[5] = value;
		break;
	}
}

/* What an LSM hook or a raw tracepoint was called with, as far as the plan asks for it. */
INLINE struct tr_raw_args *load_from_trampoline(void *ctx, const volatile struct tr_hook_plan *hook)
{
	__u32 zero = 0;
	struct tr_raw_args *raw = bpf_map_lookup_elem(&raw_args, &zero);

	if (!raw)
		return NULL;
	for (__u32 a = 0; a < MAX_ARGS; a++) {
		if (a >= hook->arg_count)
			break;
		load_trampoline_arg(ctx, raw, hook->args[a].index);
		load_trampoline_arg(ctx, raw, hook->args[a].size_arg);
	}
	return raw;
}

INLINE __u64 raw_value(struct tr_raw_args *raw, __u8 index)
{
	return index < 6 ? raw->values[index] : 0;
}

/* Only the context's address: kept and read back, it is a number to the verifier, as global functions take. */
INLINE struct tr_raw_args *load_context(void *ctx)
{
	__u32 zero = 0;
	struct tr_raw_args *raw = bpf_map_lookup_elem(&raw_args, &zero);

	if (raw)
		raw->context = (__u64)ctx;
	return raw;
}

/* What a field of the context is as an argument. */
INLINE __u64 field_value(__u64 context, const volatile struct tr_field *field)
{
	void *place = (void *)(context + field->offset);
	__u64 value = 0;
	__u32 dynamic = 0;

	switch (field->kind) {
	case FIELD_VALUE:
		if (field->bytes == 8)
			bpf_probe_read_kernel(&value, 8, place);
		else if (field->bytes == 4)
			bpf_probe_read_kernel(&value, 4, place);
		else if (field->bytes == 2)
			bpf_probe_read_kernel(&value, 2, place);
		else
			bpf_probe_read_kernel(&value, 1, place);
		return value;
	case FIELD_PLACE:
		return (__u64)place;
	case FIELD_DYNAMIC:
		bpf_probe_read_kernel(&dynamic, sizeof(dynamic), place);
		return context + (dynamic & 0xffff);
	default:
		return 0;
	}
}

INLINE struct tr_raw_args *load_arguments(void *ctx, const volatile struct tr_hook_plan *hook, enum tr_source source)
{
	if (source == FROM_LSM || hook->entry == ENTRY_RAW_TRACEPOINT)
		return load_from_trampoline(ctx, hook);
	if (hook->entry == ENTRY_TRACEPOINT)
		return load_context(ctx);
	return load_from_registers(ctx, hook->entry == ENTRY_SYSCALL);
}

/* A part of a register is a signed number. */
INLINE __u64 sign_extended(__u64 value, __u8 bytes)
{
	__u8 shift = 64 - 8 * bytes;

	return (__u64)((__s64)(value << shift) >> shift);
}

/* What the argument is read from, before `resolve`. */
INLINE __u64 source_value(struct tr_raw_args *raw, const volatile struct tr_hook_plan *hook,
			  const volatile struct tr_arg_plan *arg)
{
	if (arg->source == SOURCE_CURRENT_TASK)
		return bpf_get_current_task();
	if (arg->source == SOURCE_PT_REGS)
		return sign_extended(field_value(raw->context, &arg->field), arg->field.bytes);
	if (hook->entry == ENTRY_TRACEPOINT)
		return field_value(raw->context, &arg->field);
	return raw_value(raw, arg->index);
}

INLINE __u64 size_value(struct tr_raw_args *raw, const volatile struct tr_hook_plan *hook,
			const volatile struct tr_arg_plan *arg)
{
	return hook->entry == ENTRY_TRACEPOINT ? field_value(raw->context, &arg->size_field)
					       : raw_value(raw, arg->size_arg);
}

/* The stage: false when there is nothing to read from. */
INLINE bool stage_args(void *ctx, const volatile struct tr_hook_plan *hook, enum tr_source source)
{
	struct tr_raw_args *raw = NULL;
	__u32 place = plan.status_bytes;

	if (source != FROM_TEST) {
		raw = load_arguments(ctx, hook, source);
		if (!raw)
			return false;
	}
	for (__u32 a = 0; a < MAX_ARGS; a++) {
		const volatile struct tr_arg_plan *arg = &hook->args[a];
		struct tr_slot *slot;

		if (a >= hook->arg_count)
			break;
		if (source == FROM_TEST)
			place_arg(a, arg->type);
		else
			read_arg(a, arg, source_value(raw, hook, arg), size_value(raw, hook, arg));
		slot = slot_of(a);
		if (!slot)
			return false;
		slot->place = place;
		place += data_size(arg, slot) + plan.status_bytes;
	}
	return true;
}

#endif
