/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Part of layout.h: what the programs keep of processes and calls, and the records in the ring buffer. */
#ifndef TRACERIG_LAYOUT_RECORDS_H
#define TRACERIG_LAYOUT_RECORDS_H

#include "layout-kinds.h"

/*
 * Who the step's root is. The launcher maps this and writes it itself (native/step.cpp): `armed` just before the execve
 * of the command, so that nothing lies between, and back should that return. `denied` is the programs' answer: an
 * override of theirs is why. `left` is theirs, too: some process of the table may be outside of the fence's cgroup, so
 * that who is ours is asked of the table as well.
 */
struct tr_step_state {
	__u32 root;
	__u32 armed;
	__u32 denied;
	__u32 left;
};

/*
 * What was lost, counted for each CPU: two numbers that concern no hook, then HOOK_LOSSES for each hook, in their
 * order. Whatever of it is not zero, the step does not tell everything.
 */
enum tr_loss {
	LOST_RECORDS = 0, /* of processes, which found the ring buffer full */
	LOST_PROCESSES,   /* that found no room in the table */
	LOST_OF_HOOKS,    /* here they begin */
};
enum tr_hook_loss {
	HOOK_RECORDS = 0, /* found the ring buffer full */
	HOOK_RETURNS,     /* of calls that found no room among those that have not returned */
	HOOK_SIGNALS,     /* that the kernel did not send */
	HOOK_OVERRIDES,   /* that the function did not return */
	HOOK_BUSY,        /* hits within another hook's program on the same processor */
	HOOK_LOSSES,
};

/* System calls whose results somebody asked for: a bit for each number. */
struct tr_watched {
	__u64 bits[CALL_NUMBERS / 64];
};

/* What is known of a process, by its pid. */
struct tr_task_entry {
	__u64 bits;          /* matchBinaries filters that its binary is one of */
	__u64 parent_bits;   /* the same of the image or process before */
	__u64 ancestor_bits; /* or of any ancestor's, at its exec */
	__u64 start_ns;
	__u8 known;        /* the binary could be read */
	__u8 parent_known; /* there is an image before this one */
	__u8 forked;       /* no exec since the fork */
	__u8 spare[5];
	/* At the last exec or fork. */
	__u32 euid, egid;
	__u64 effective;
	/* What changes are told from: as they were at the first exec, and at each
	 * event that told of a change. */
	__u8 recorded;
	__u8 spare2[7];
	__u32 namespaces[MAX_NAMESPACES];
	__u64 capabilities[CAPABILITY_SETS];
};

struct tr_record {
	__u8 kind;
	__u8 from_fork; /* of an exec: the image before was a fork */
	__u16 spare;
	__u32 pid;
	__u32 tid;
	__u32 parent;   /* pid of the parent; of an exec without fork the process itself */
	__u64 time_ns;  /* since boot */
	__u64 start_ns; /* of the image that this belongs to */
};

struct tr_creds {
	__u32 uid, gid, euid, egid, suid, sgid, fsuid, fsgid;
	__u32 securebits;
	__u32 user_ns_level;
	__u32 user_ns_uid, user_ns_gid;
	__u32 user_ns_inum;
	__u32 spare;
	__u64 permitted, effective, inheritable;
};

struct tr_exec_record {
	struct tr_record head;
	struct tr_creds creds;
	__u32 namespaces[MAX_NAMESPACES];
	__u32 auid;
	__u32 binary_length; /* as given to execve */
	__u32 cwd_length;
	__u32 args_length; /* bytes of argv; they came in RECORD_ARGS before */
	__u32 exe_links;   /* of the executed file */
	__u32 ns_pid;
	__u64 exe_inode;
	__u64 old_effective; /* of the image before; `old_known` if there is one */
	__u32 old_euid, old_egid;
	__u32 old_known;
	__u32 cwd_unresolved; /* it is longer than a path can be, and so not there */
	__u32 args_cut;       /* not all of argv was in memory */
	__u32 spare;
	/* binary, then cwd */
};

struct tr_exit_record {
	struct tr_record head;
	__s32 code;
	__u32 spare;
};

struct tr_call_record {
	struct tr_record head;
	__s64 result;
	__u32 number;
	__u32 spare;
};

struct tr_args_record {
	struct tr_record head;
	__u32 length;
	__u32 spare;
	/* the bytes */
};

struct tr_hook_record {
	struct tr_record head;
	__u32 hook;
	__u8 selector; /* NO_INDEX: the hook has none */
	__u8 action;   /* index of the last action run; NO_INDEX: none, i.e. Post */
	__u8 arg_count;
	__u8 waits; /* for the record of the function's return; then also without an event */
	__u8 posts;
	__u8 spare[3];
	/* Whose the event is, if an argument is a socket that was tracked for
	 * somebody; else no pid. */
	__u32 owner_pid;
	__u32 owner_tid;
	__u32 spare2;
	/* arguments */
};

/* A hooked function has returned; arguments follow if there is an event. */
struct tr_return_record {
	struct tr_record head;
	__u32 hook;
	__u8 selector;
	__u8 action; /* index of the last of its return actions; NO_INDEX: it has none */
	__u8 posts;
	__u8 arg_count; /* what was returned, and the argument that is copied then */
	__u8 unmet;     /* it is over, and nobody was told what it returned */
	__u8 spare[7];
};

/* A call of a hooked function that has not returned yet. */
struct tr_call_key {
	__u32 tid;
	__u32 hook;
};
struct tr_call_entry {
	__u32 active;  /* a bit for each selector that the process may reach */
	__u8 selector; /* that won at the entry, or NO_INDEX */
	__u8 posts;
	__u16 spare;
	__u64 copied; /* address of the argument whose bytes are those at the return */
	__u64 began;  /* when the thread did: another may have its number by now */
};

/* What is pending for an enforcer, and of which hook. */
struct tr_notification {
	struct tr_notice notice;
	__u32 hook;
};

/* One argument in a hook's record; `length` bytes follow, padded to 8. */
struct tr_arg_record {
	__u8 type;
	__u8 status;
	__u16 mode; /* of a file; of a fault the number of the step of `resolve` that met it */
	__u32 length;
	__u64 value; /* integer as read, descriptor number, or the size that a buffer's call asked for */
};

/* What the stages came to, as the test program returns it. */
struct tr_verdict {
	__u8 selector; /* NO_INDEX: none won, or the hook has none */
	__u8 action;   /* index of the last action run, or NO_INDEX */
	__u8 posts;
	__u8 spare;
};

/* What an action would have done that a test only notes (bpf/noted.h): the number of a signal, or an error. */
struct tr_noted_effect {
	__u8 kind; /* ACTION_SIGKILL, ACTION_SIGNAL, ACTION_OVERRIDE */
	__u8 spare[3];
	__s32 number;
};

/* Ends each hit of a test: whatever it told of stands before. */
struct tr_test_record {
	struct tr_record head;
	struct tr_verdict verdict; /* of an entry */
	__u32 effect_count;
	struct tr_noted_effect effects[MAX_ACTIONS];
};

/* An argument as a test places it (bpf/placed.h). */
struct tr_placed_arg {
	__u64 value;
	__u32 length;
	__u16 mode;
	__u8 status;
	__u8 spare;
	__u8 bytes[PATH_SIZE];
};

/* The bytes of a socket, address or packet argument; `hash` and `size` are a packet's. */
struct tr_sock_bytes {
	__u16 family, type, protocol, spare;
	__u32 state, mark, priority;
	__u16 sport, dport; /* host order */
	__u64 cookie;
	__u8 saddr[16];
	__u8 daddr[16];
	__u32 hash, size;
};

/* The bytes of a module, as Tetragon's record has them. `signed_well` is of a load_info only. */
struct tr_module_bytes {
	__u32 signed_well;
	__u32 spare;
	__u64 taints;  /* a bit for each flag */
	__u8 name[64]; /* ends with a NUL */
};

/* The bytes of an argument that is a user namespace. */
struct tr_user_namespace_bytes {
	__u32 level, uid, gid, inum;
};

/*
 * The bytes of an argument that has a name and numbers: of a BPF program or its attributes type and instructions, of a
 * map type, sizes of key and value, entries, of a perf event type, config and the probe's offset.
 */
struct tr_named_bytes {
	__u64 numbers[4];
	__u8 name[128]; /* ends with a NUL */
};

#endif
