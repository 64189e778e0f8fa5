// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* All programs. The user side loads those that a plan needs and attaches them. */
#include "events.h"
#include "hook.h"
#include "setup.h"
#include "test.h"

#define MAX_ERROR 4095

/*
 * Attached singly or by kprobe.multi, as the kernel has it; one for each plan: so the verifier can tell them apart. The
 * user side loads `hook_N` of a plan of a tracepoint's as a program of that kind.
 */
#define HOOK(n) \
	SEC("kprobe") \
	int hook_##n(struct pt_regs *ctx) \
	{ \
		struct tr_acting by = {.hook = &plan.hooks[n], .source = FROM_PROBE}; \
\
		run_stages(ctx, &by, n); \
		return 0; \
	} \
	SEC("lsm") \
	int lsm_##n(void *ctx) \
	{ \
		struct tr_acting by = {.hook = &plan.hooks[n], .source = FROM_LSM}; \
\
		run_stages(ctx, &by, n); \
		/* The verifier asks for an error number. */ \
		return by.result > 0 || by.result < -MAX_ERROR ? -1 : by.result; \
	} \
	SEC("fmod_ret") \
	int override_##n(void *ctx __attribute__((unused))) \
	{ \
		return overridden(&plan.hooks[n]); \
	} \
	SEC("kprobe") /* a kretprobe */ \
	int return_##n(struct pt_regs *ctx) \
	{ \
		struct tr_acting by = {.hook = &plan.hooks[n], .source = FROM_PROBE}; \
\
		run_return(ctx, &by, n); \
		return 0; \
	}

HOOK(0)
HOOK(1)
HOOK(2)
HOOK(3)
HOOK(4)
HOOK(5)
HOOK(6)
HOOK(7)

/* Functions of security_ that enforcers act on. */
#define ENFORCE(n) \
	SEC("fmod_ret") \
	int enforce_##n(void *ctx __attribute__((unused))) \
	{ \
		return enforce(plan.enforced[n]); \
	}

ENFORCE(0)
ENFORCE(1)
ENFORCE(2)
ENFORCE(3)
ENFORCE(4)
ENFORCE(5)
ENFORCE(6)
ENFORCE(7)

SEC("raw_tracepoint")
int process_exec(struct bpf_raw_tracepoint_args *ctx)
{
	return on_exec((void *)ctx->args[0], (void *)ctx->args[2]);
}

SEC("kprobe") /* security_bprm_committing_creds */
int process_creds(void *ctx __attribute__((unused)))
{
	return on_commit_creds();
}

SEC("raw_tracepoint")
int process_fork(struct bpf_raw_tracepoint_args *ctx)
{
	return on_fork((void *)ctx->args[1]);
}

SEC("kprobe") /* cgroup_attach_task */
int process_move(struct pt_regs *ctx)
{
	return on_move((void *)PT_REGS_PARM2(ctx));
}

/* acct_process runs once for each process, by its last thread; without it disassociate_ctty(1) does. */
SEC("kprobe")
int process_exit(struct pt_regs *ctx)
{
	if (plan.exit_argument && PT_REGS_PARM1(ctx) != plan.exit_argument)
		return 0;
	return on_exit();
}

SEC("raw_tracepoint")
int call_exit(struct bpf_raw_tracepoint_args *ctx)
{
	return on_sys_exit((void *)ctx->args[0], ctx->args[1]);
}

SEC("raw_tracepoint")
int test_selectors(struct bpf_raw_tracepoint_args *ctx)
{
	run_test(ctx, ctx->args[0], ctx->args[1]);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
