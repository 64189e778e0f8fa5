/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Part of layout.h: limits, and the kinds of what plans and records hold. */
#ifndef TRACERIG_LAYOUT_KINDS_H
#define TRACERIG_LAYOUT_KINDS_H

/* Numbers that both sides count by. */
enum tr_limit {
	MAX_ENFORCED = 8, /* functions that enforcers act on */
	MAX_HOOKS = 8,    /* in one object; more take another object that shares the maps */
	MAX_ARGS = 5,
	MAX_SELECTORS = 5,
	MAX_PROCESS_FILTERS = 6,
	MAX_FILTERS = 6,
	MAX_ACTIONS = 3,
	MAX_RETURN_FILTERS = 2,
	MAX_BINARIES = 64, /* matchBinaries filters: a bit each */
	MAX_VALUES = 4,    /* of matchPIDs and matchNamespaces */
	MAX_PARTS = 3,     /* of an argument in Tetragon's record */
	MAX_STEPS = 10,    /* of a path that `resolve` follows */
	MAX_NAMESPACES = 10,
	CAPABILITY_SETS = 3,
	PATH_SIZE = 4096,
	PIECE_SIZE = 256,
	PREFIX_SIZE = 255, /* longest value of Prefix */
	POSTFIX_SIZE = 127,
	CALL_NUMBERS = 1024, /* system calls whose results can be asked for */
	RETURN_SLOT = 7,     /* where what a function returned is read into; arguments have theirs from 0 on */
	LAST_PIECE = 0x7fffffff,
	SEARCH_BYTES = 1,          /* where a search's classes begin */
	SEARCH_ROWS = 257,         /* where its rows do */
	SEARCH_FOUND = 0x7fffffff, /* stands for a row */
	NO_INDEX = 0xff,           /* stands where there is no argument, selector or action */
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
	ARG_SYSCALL64,
	ARG_CONST_BUF,
	ARG_IOV_ITER,
	ARG_SOCKADDR_UN,
	ARG_MODULE,
	ARG_LOAD_INFO,
};

/* Where a hook's arguments come from. */
enum tr_entry {
	ENTRY_FUNCTION = 0, /* the registers of a function's probe */
	ENTRY_SYSCALL,      /* those that a system call's wrapper was given */
	ENTRY_TRACEPOINT,   /* a tracepoint's record, field by field */
	ENTRY_RAW_TRACEPOINT,
	ENTRY_LSM,
};

/* What an argument is taken from. */
enum tr_arg_source {
	SOURCE_FUNCTION = 0, /* what is hooked */
	SOURCE_CURRENT_TASK,
	SOURCE_PT_REGS, /* `field` of the probe's registers */
};

/* What of a field of a tracepoint's record is an argument. */
enum tr_field_kind {
	FIELD_NONE = 0, /* nothing: it is 0 */
	FIELD_VALUE,
	FIELD_PLACE,   /* its own address */
	FIELD_DYNAMIC, /* the address of what its lower half is the offset of */
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
enum tr_match { MATCH_EQUAL = 1, MATCH_PREFIX, MATCH_POSTFIX, MATCH_SUBSTRING, MATCH_SUBSTRING_IGNORE_CASE };

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
	PART_UNCOUNTED,
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
	ACTION_NOTIFY_ENFORCER,
	ACTION_CLEANUP_ENFORCER_NOTIFICATION,
	/* Effects outside the machine: named in the event, never performed. */
	ACTION_GET_URL,
	ACTION_DNS_LOOKUP,
	/* Named in the event, and without an effect in this kind of hook. */
	ACTION_IDLE,
};

enum tr_record_kind {
	RECORD_EXEC = 1,
	RECORD_FORK,
	RECORD_EXIT,
	RECORD_HOOK,
	RECORD_CALL,
	RECORD_ARGS,
	RECORD_RETURN,
	RECORD_TEST,
};

#endif
