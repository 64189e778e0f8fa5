/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the programs and the user side share: the plan in .rodata, the keys of value sets, and the records in the ring
 * buffer. kernel-backend/layout.ts says the same, and a test compares both by the object's BTF.
 */
#ifndef TRACERIG_LAYOUT_H
#define TRACERIG_LAYOUT_H

#define MAX_HOOKS 8 /* in one object; more take another object that shares the maps */
#define MAX_ARGS 5
#define MAX_SELECTORS 5
#define MAX_PROCESS_FILTERS 6
#define MAX_FILTERS 6
#define MAX_ACTIONS 3
#define MAX_BINARIES 64 /* matchBinaries filters: a bit each */
#define MAX_PIDS 4
#define MAX_TYPES 10

#define PATH_SIZE 4096
#define PREFIX_SIZE 255 /* longest value of Prefix; Postfix takes 127 */
#define POSTFIX_SIZE 127
#define NO_ARG 0xff

/* How an argument is read. */
enum arg_type {
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
};

/* How an integer is widened before it is compared. */
enum int_load { LOAD_S8 = 1, LOAD_U8, LOAD_S16, LOAD_U16, LOAD_S32, LOAD_U32, LOAD_64 };

/* What became of reading an argument. */
enum arg_status { READ_OK = 0, READ_FAULT, READ_BAD_FD, READ_UNRESOLVED };

enum filter_kind {
	FILTER_CONSTANT = 1, /* negated: never true; else always */
	FILTER_RANGES,       /* the value lies in one of the sorted ranges */
	FILTER_MASK,
	FILTER_EQUAL,
	FILTER_PREFIX,
	FILTER_POSTFIX,
	FILTER_FILE_TYPE,
	FILTER_ADDRESS,
	FILTER_PORT,
	FILTER_SOCKET_NUMBER,
};

enum filter_of { OF_STRING = 0, OF_PATH = 1 /* without a path nothing matches, negated or not */ };

enum process_filter_kind {
	PROCESS_CONSTANT = 1,
	PROCESS_BINARY,
	PROCESS_PID,
	PROCESS_NAMESPACE,
	PROCESS_CAPABILITY,
	PROCESS_NAMESPACE_CHANGE,
	PROCESS_CAPABILITY_CHANGE,
};

#define PID_NAMESPACE 1
#define PID_FOLLOW_FORKS 2
#define BINARY_PARENT 1
#define BINARY_FOLLOW_CHILDREN 2
#define CAPABILITY_NAMESPACED 1

enum action_kind {
	ACTION_POST = 1,
	ACTION_NOPOST,
	ACTION_SIGKILL,
	ACTION_SIGNAL,
	ACTION_OVERRIDE,
	ACTION_SILENT, /* an effect outside the machine: named in the event, never performed */
};

enum binary_kind { BINARY_EXACT = 1, BINARY_PREFIX, BINARY_POSTFIX };

struct tr_arg_plan {
	__u8 type;
	__u8 index;
	__u8 size_arg; /* index of the argument that holds a buffer's size, or NO_ARG */
	__u8 spare;
	__u32 limit; /* most bytes that are read */
};

struct tr_filter {
	__u8 kind;
	__u8 arg; /* position in the plan's args */
	__u8 load;
	__u8 negated;
	__u8 of;
	__u8 field; /* of a socket */
	__u16 set;
	__u32 base; /* first range */
	__u32 count;
	__u64 mask;
};

/* Behind so many bytes of arguments Tetragon's filters see other bytes: nothing that they could match. */
#define FILTER_WINDOW 2048

struct tr_process_filter {
	__u8 kind;
	__u8 negated;
	__u8 flags;
	__u8 which; /* binary set, namespace or capability set */
	__u32 count;
	__u32 values[MAX_PIDS];
	__u64 mask;
};

struct tr_action {
	__u8 kind;
	__u8 spare[3];
	__s32 value; /* signal or error */
};

struct tr_selector {
	__u8 process_count;
	__u8 arg_count;
	__u8 action_count;
	__u8 spare[5];
	struct tr_process_filter process[MAX_PROCESS_FILTERS];
	struct tr_filter args[MAX_FILTERS];
	struct tr_action actions[MAX_ACTIONS];
};

struct tr_hook_plan {
	__u8 arg_count;
	__u8 selector_count;
	__u8 syscall;
	__u8 monitor;
	__u8 silent; /* a hook without selectors posts nothing */
	__u8 spare[3];
	struct tr_arg_plan args[MAX_ARGS];
	struct tr_selector selectors[MAX_SELECTORS];
};

struct tr_binary_set {
	__u8 kind;
	__u8 spare;
	__u16 set;
};

struct tr_plan {
	__u8 uses_strings;
	__u8 uses_paths;
	__u8 uses_buffers;
	__u8 uses_prefix;
	__u8 uses_postfix;
	__u8 uses_sockets;
	__u8 uses_cookies; /* the hook's number comes with the probe (kernels from 5.15 on) */
	__u8 uses_override;
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
	struct tr_string_##size { \
		__u32 set; \
		__u32 length; \
		__u8 bytes[size]; \
	}
STRING_KEY(32);
STRING_KEY(128);
STRING_KEY(512);
STRING_KEY(4096);

/* Prefixes, and reversed postfixes, in a longest-prefix-match trie. */
struct tr_trie_key {
	__u32 bits;
	__u8 set;
	__u8 bytes[PREFIX_SIZE];
};

/* Who the step's root is; `armed` from its first exec on. native/bpf.cpp writes this. */
struct tr_step_state {
	__u32 root;
	__u32 armed;
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
	__u8 recorded;     /* namespaces and capabilities below are those of the first exec */
	__u32 namespaces[MAX_TYPES];
	__u32 euid; /* at the last exec or fork, like the two below */
	__u64 capabilities[3];
	__u64 effective;
	__u32 egid;
	__u32 spare;
};

enum record_kind { RECORD_EXEC = 1, RECORD_FORK, RECORD_EXIT, RECORD_HOOK, RECORD_CALL, RECORD_ARGS };

struct tr_record {
	__u8 kind;
	__u8 flags;
	__u16 size_spare;
	__u32 pid;
	__u32 tid;
	__u32 parent; /* pid of the parent; of an exec without fork the process itself */
	__u64 time_ns;  /* since boot */
	__u64 start_ns; /* of the image that this belongs to */
};

#define EXEC_FROM_FORK 1

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
	__u32 namespaces[MAX_TYPES];
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
	__u8 selector; /* NO_ARG: the hook has none */
	__u8 action;   /* index of the last action run; NO_ARG: none, i.e. Post */
	__u8 arg_count;
	__u8 spare;
	/* arguments */
};

/* One argument in a hook's record; `length` bytes follow, padded to 8. */
struct tr_arg_record {
	__u8 type;
	__u8 status;
	__u16 mode; /* of a file */
	__u32 length;
	__u64 value; /* integer as read, descriptor number, or the size that a buffer's call asked for */
};

/* The bytes of a socket argument. */
struct tr_sock_bytes {
	__u16 family, type, protocol, spare;
	__u32 state, mark, priority;
	__u16 sport, dport; /* host order */
	__u64 cookie;
	__u8 saddr[16];
	__u8 daddr[16];
};

#endif
