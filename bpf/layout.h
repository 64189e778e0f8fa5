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

/* Numbers that both sides count by. */
enum tr_limit {
	MAX_HOOKS = 8, /* in one object; more take another object that shares the maps */
	MAX_ARGS = 5,
	MAX_SELECTORS = 5,
	MAX_PROCESS_FILTERS = 6,
	MAX_FILTERS = 6,
	MAX_ACTIONS = 3,
	MAX_RETURN_FILTERS = 2,
	MAX_BINARIES = 64, /* matchBinaries filters: a bit each */
	MAX_VALUES = 4,    /* of matchPIDs and matchNamespaces */
	MAX_PARTS = 3,     /* of an argument in Tetragon's record */
	MAX_NAMESPACES = 10,
	CAPABILITY_SETS = 3,
	PATH_SIZE = 4096,
	PIECE_SIZE = 256,
	PREFIX_SIZE = 255, /* longest value of Prefix */
	POSTFIX_SIZE = 127,
	CALL_NUMBERS = 1024, /* system calls whose results can be asked for */
	RETURN_SLOT = 7,     /* where what a function returned is read into; arguments have theirs from 0 on */
	LAST_PIECE = 0x7fffffff,
	NO_INDEX = 0xff, /* stands where there is no argument, selector or action */
};

/* How an argument is read. */
enum tr_arg_type {
	ARG_NOP = 0,
	ARG_S8,
	ARG_U8,
	ARG_S16,
	ARG_U16,
	ARG_S32,
	ARG_U32,
	ARG_64,
	ARG_STRING,
	ARG_CHAR_BUF,
	ARG_FILE,
	ARG_PATH,
	ARG_DENTRY,
	ARG_FD,
	ARG_KIOCB,
	ARG_BINPRM,
	ARG_SOCK,
	ARG_SOCKET,
	ARG_SOCKADDR,
	ARG_SKB,
	ARG_CAPABILITIES,
	ARG_FILENAME,
	ARG_NET_DEVICE,
	ARG_CRED,
	ARG_USER_NAMESPACE,
	ARG_BPF_ATTR,
	ARG_BPF_PROG,
	ARG_BPF_MAP,
	ARG_PERF_EVENT,
};

/* What became of reading an argument. */
enum tr_arg_status { READ_OK = 0, READ_FAULT, READ_BAD_FD, READ_UNRESOLVED };

/* What a filter on an argument compares; the names are those of the plan's comparisons. */
enum tr_filter_kind {
	FILTER_CONSTANT = 1,
	FILTER_INT_RANGE,
	FILTER_INT_MASK,
	FILTER_BYTES,
	FILTER_FILE_TYPE,
	FILTER_ADDRESS,
	FILTER_PORT,
	FILTER_SOCKET_NUMBER,
	FILTER_CAPABILITIES_GAINED,
};

/* How an integer is widened before it is compared. */
enum tr_int_load { LOAD_S8 = 1, LOAD_U8, LOAD_S16, LOAD_U16, LOAD_S32, LOAD_U32, LOAD_S64, LOAD_U64 };

/* Which end of a socket a filter looks at; an address has only a source. */
enum tr_side { SIDE_SOURCE = 0, SIDE_DESTINATION };

/* Which number of a socket a filter looks at. */
enum tr_socket_field { SOCKET_PROTOCOL = 0, SOCKET_FAMILY, SOCKET_STATE };

/* How bytes are compared with a set of values. */
enum tr_match { MATCH_EQUAL = 1, MATCH_PREFIX, MATCH_POSTFIX };

/*
 * What a filter says where its comparison cannot be put to the argument; the names are those of the plan. Zero is what
 * decides nothing, since most filters have nothing to say.
 */
enum tr_outside_answer { OUTSIDE_ITSELF = 0, OUTSIDE_FAILS, OUTSIDE_PASSES, OUTSIDE_BYTES };

/* What a part of an argument in Tetragon's record holds; the names are those of the plan's model of it. */
enum tr_part_kind {
	PART_NONE = 0,
	PART_VALUE,
	PART_SIZE,
	PART_FLAGS,
	PART_MODE,
	PART_COUNTED,
	PART_STRUCTURE,
};

/* What a filter on the process looks at; the names are those of the plan. */
enum tr_process_kind {
	PROCESS_CONSTANT = 1,
	PROCESS_BINARY,
	PROCESS_PID,
	PROCESS_NAMESPACE,
	PROCESS_CAPABILITY,
	PROCESS_NAMESPACE_CHANGE,
	PROCESS_CAPABILITY_CHANGE,
};

/* In the order of Tetragon's events. */
enum tr_namespace {
	NAMESPACE_UTS = 0,
	NAMESPACE_IPC,
	NAMESPACE_MNT,
	NAMESPACE_PID,
	NAMESPACE_PID_FOR_CHILDREN,
	NAMESPACE_NET,
	NAMESPACE_TIME,
	NAMESPACE_TIME_FOR_CHILDREN,
	NAMESPACE_CGROUP,
	NAMESPACE_USER,
};

enum tr_capability_set { CAPABILITY_EFFECTIVE = 0, CAPABILITY_INHERITABLE, CAPABILITY_PERMITTED };

/* What a selector does; the names are those of the policy language. */
enum tr_action_kind {
	ACTION_POST = 1,
	ACTION_NO_POST,
	ACTION_SIGKILL,
	ACTION_SIGNAL,
	ACTION_OVERRIDE,
	ACTION_TRACK_SOCK,
	ACTION_UNTRACK_SOCK,
	/* Effects outside the machine: named in the event, never performed. */
	ACTION_GET_URL,
	ACTION_DNS_LOOKUP,
};

enum tr_record_kind { RECORD_EXEC = 1, RECORD_FORK, RECORD_EXIT, RECORD_HOOK, RECORD_CALL, RECORD_ARGS, RECORD_RETURN };

/* `bytes` is the size of an integer or structure, or of the count that goes before counted bytes. */
struct tr_part {
	__u8 kind;
	__u8 bytes;
};

struct tr_arg_plan {
	__u8 type;
	__u8 index;
	__u8 size_arg; /* index of the argument that holds a buffer's size, or NO_INDEX */
	__u32 limit;   /* most bytes that are read */
	struct tr_part parts[MAX_PARTS];
};

/* A row each, in the order in which they are asked. */
struct tr_outside {
	__u8 unreadable;
	__u8 beyond;
	__u8 bad_descriptor;
	__u8 no_path;
	__u8 no_address;
};

struct tr_constant_filter {
	__u8 result;
};

/* The value lies in one of the sorted ranges `base`, `base + 1` ... of the map. */
struct tr_int_range_filter {
	__u8 load;
	__u32 base;
	__u32 count;
};

struct tr_int_mask_filter {
	__u8 load;
	__u64 mask;
};

struct tr_bytes_filter {
	__u8 match;
	__u16 set;
};

/* A bit for each type of file: S_IFMT's four bits, shifted down. */
struct tr_file_type_filter {
	__u16 types;
};

/* The address of the side lies in a block of the set. */
struct tr_address_filter {
	__u8 side;
	__u8 set;
};

/* The port of the side lies in one of the ranges. */
struct tr_port_filter {
	__u8 side;
	__u32 base;
	__u32 count;
};

struct tr_socket_number_filter {
	__u8 field;
	__u32 base;
	__u32 count;
};

/* The second argument has a capability that the first has not. */
struct tr_capabilities_gained_filter {
	__u8 second;
};

/* One entry of matchArgs. `negated` is of the comparison: no kind means anything else by it. */
struct tr_filter {
	__u8 kind;
	__u8 arg; /* position in the plan's args */
	__u8 negated;
	struct tr_outside outside;
	union {
		struct tr_constant_filter constant;
		struct tr_int_range_filter int_range;
		struct tr_int_mask_filter int_mask;
		struct tr_bytes_filter bytes;
		struct tr_file_type_filter file_type;
		struct tr_address_filter address;
		struct tr_port_filter port;
		struct tr_socket_number_filter socket_number;
		struct tr_capabilities_gained_filter capabilities_gained;
	};
};

struct tr_binary_filter {
	__u8 of_parent;
	__u8 follow_children;
	__u8 bit; /* of a task's `bits`: which of the plan's binary sets */
};

struct tr_pid_filter {
	__u8 namespaced;
	__u8 follow_forks;
	__u32 count;
	__u32 values[MAX_VALUES];
};

struct tr_namespace_filter {
	__u8 which;
	__u32 count;
	__u32 values[MAX_VALUES];
};

struct tr_capability_filter {
	__u8 set;
	__u8 namespaced;
	__u64 mask;
};

/* A bit for each namespace. */
struct tr_namespace_change_filter {
	__u32 namespaces;
};

struct tr_capability_change_filter {
	__u8 set;
	__u64 mask;
};

struct tr_process_filter {
	__u8 kind;
	__u8 negated;
	union {
		struct tr_namespace_change_filter namespace_change;
		struct tr_capability_change_filter capability_change;
		struct tr_constant_filter constant;
		struct tr_binary_filter binary;
		struct tr_pid_filter pid;
		struct tr_namespace_filter ns;
		struct tr_capability_filter capability;
	};
};

enum tr_limit_scope { LIMIT_THREAD = 0, LIMIT_PROCESS, LIMIT_GLOBAL };

/* `window_ms` 0: nothing is limited. */
struct tr_post {
	__u32 window_ms;
	__u8 scope;
};

struct tr_action {
	__u8 kind;
	union {
		__s32 signal;
		__s32 error;
		struct tr_post post;
		__u8 arg; /* position of the socket */
	};
};

struct tr_selector {
	__u8 process_count;
	__u8 arg_count;
	__u8 action_count;
	__u8 return_count;
	__u8 return_action_count;
	struct tr_process_filter process[MAX_PROCESS_FILTERS];
	struct tr_filter args[MAX_FILTERS];
	struct tr_action actions[MAX_ACTIONS];
	struct tr_filter returned[MAX_RETURN_FILTERS];
	struct tr_action return_actions[MAX_ACTIONS];
};

struct tr_hook_plan {
	__u8 arg_count;
	__u8 selector_count;
	__u8 syscall;
	__u8 monitor;
	__u8 returns;       /* the event waits for what the function returns */
	__u8 return_action; /* with what is returned: ACTION_TRACK_SOCK,
			       ACTION_UNTRACK_SOCK, or 0 */
	__u16 number;       /* that records carry, of a hook whose probe does not tell it:
			       of an LSM hook */
	__u16 policy;       /* those of one share the sockets that they track */
	struct tr_arg_plan args[MAX_ARGS];
	struct tr_arg_plan return_arg;
	struct tr_selector selectors[MAX_SELECTORS];
};

/* A matchBinaries filter's values. */
struct tr_binary_set {
	__u8 match;
	__u16 set;
};

struct tr_plan {
	__u64 layout; /* digest of this file, as the programs were built with it */
	__u8 uses_strings;
	__u8 uses_long; /* texts of more than 128 bytes are compared */
	__u8 uses_paths;
	__u8 uses_buffers;
	__u8 uses_prefix;
	__u8 uses_postfix;
	__u8 uses_sockets;
	__u8 uses_packets;
	__u8 uses_addresses;
	__u8 uses_structures;
	__u8 uses_limits;
	__u8 uses_tracking;
	__u8 uses_changes;
	__u8 uses_cookies; /* the hook's number comes with the probe (kernels from 5.15 on) */
	__u8 uses_override;
	__u8 uses_record;      /* some filter may compare bytes of another argument */
	__u8 status_bytes;     /* in Tetragon's record, before the parts of each argument */
	__u16 filter_window;   /* filters see arguments at their place in the record modulo this */
	__u32 unresolved_path; /* flag of a path that is too long */
	__u32 binary_count;
	__u32 exit_argument; /* the exit hook is disassociate_ctty, whose argument must be 1 */
	__u64 host_user_ns;
	struct tr_binary_set binaries[MAX_BINARIES];
	struct tr_hook_plan hooks[MAX_HOOKS];
};

struct tr_range {
	__u64 from;
	__u64 to;
};

/* Value sets: the set's number, the length, the bytes, zero-padded to the bucket's size. */
#define STRING_KEY(size) \
	__u32 set; \
	__u32 length; \
	__u8 bytes[size];
struct tr_string_32 {
	STRING_KEY(32)
};
struct tr_string_128 {
	STRING_KEY(128)
};

/*
 * Longer texts are followed piece by piece from a node to the next, since before 5.11 a key of a hash map has at most
 * 512 bytes. The first node is the set's number; the value of the last piece's entry is LAST_PIECE, others are nodes.
 */
struct tr_string_piece {
	__u32 node;
	__u32 left; /* of the text, with this piece */
	__u8 bytes[PIECE_SIZE];
};

/* Prefixes, and reversed postfixes, in a longest-prefix-match trie. */
struct tr_trie_key {
	__u32 bits;
	__u8 set;
	__u8 bytes[PREFIX_SIZE];
};

/* Blocks of addresses in a longest-prefix-match trie: the set's number, the family's, as many bytes as that has. */
struct tr_address_key {
	__u32 bits;
	__u8 set;
	__u8 family;
	__u8 bytes[16];
};

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

/* A hooked function has returned; one argument follows if there is an event. */
struct tr_return_record {
	struct tr_record head;
	__u32 hook;
	__u8 selector;
	__u8 action; /* index of the last of its return actions; NO_INDEX: it has none */
	__u8 posts;
	__u8 spare;
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
};

/* One argument in a hook's record; `length` bytes follow, padded to 8. */
struct tr_arg_record {
	__u8 type;
	__u8 status;
	__u16 mode; /* of a file */
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
