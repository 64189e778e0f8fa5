/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Part of layout.h: a plan, as it stands in .rodata, and the keys of its value sets. */
#ifndef TRACERIG_LAYOUT_PLAN_H
#define TRACERIG_LAYOUT_PLAN_H

#include "layout-kinds.h"

/* `bytes` is the size of an integer or structure, or of the count that goes before counted bytes. */
struct tr_part {
	__u8 kind;
	__u8 bytes;
};

struct tr_field {
	__u8 kind;
	__u8 bytes; /* of a value: 1, 2, 4 or 8 */
	__u16 offset;
};

/* A step of `resolve`: the offset is added, and of a pointer what is there is the value. */
struct tr_step_plan {
	__u32 offset;
	__u8 pointer;
};

/* At a tracepoint with a record `field` and `size_field` stand for `index` and `size_arg`. */
struct tr_arg_plan {
	__u8 type;
	__u8 index;
	__u8 size_arg; /* index of the argument that holds a buffer's size, or NO_INDEX */
	__u32 limit;   /* most bytes that are read */
	struct tr_field field;
	struct tr_field size_field;
	__u8 source;
	__u8 step_count;
	struct tr_step_plan steps[MAX_STEPS];
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
	__u32 set;
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

/* What an enforcer has functions of the thread return, and sends it; 0: nothing. */
struct tr_notice {
	__s32 error;
	__s32 signal;
};

struct tr_action {
	__u8 kind;
	union {
		struct tr_notice notice;
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
	__u8 entry;
	__u8 monitor;
	__u8 returns;       /* the event waits for what the function returns */
	__u8 overrides;     /* `override_N` on the same function returns its errors */
	__u8 return_copy;   /* position of the argument whose bytes are those at the return, or NO_INDEX */
	__u8 return_action; /* with what is returned: ACTION_TRACK_SOCK,
			       ACTION_UNTRACK_SOCK, or 0 */
	__u16 number;       /* that records carry, of a hook whose probe has no cookie to tell it */
	__u16 policy;       /* those of one share the sockets that they track */
	struct tr_arg_plan args[MAX_ARGS];
	struct tr_arg_plan return_arg;
	struct tr_selector selectors[MAX_SELECTORS];
};

/*
 * A search for texts within a text is a table of numbers, at the place that the filter calls its set: whether it finds
 * something in any text, the class of each byte, and rows of as many numbers as there are classes, of which each is the
 * place of the row that comes behind a byte of the class, or SEARCH_FOUND.
 */

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
	__u8 uses_search;
	__u8 uses_sockets;
	__u8 uses_packets;
	__u8 uses_addresses;
	__u8 uses_structures;
	__u8 uses_limits;
	__u8 uses_tracking;
	__u8 uses_changes;
	__u8 uses_cookies; /* the hook's number comes with the probe (kernels from 5.15 on) */
	__u8 uses_override;
	__u8 uses_enforcers;
	__u8 uses_record;      /* some filter may compare bytes of another argument */
	__u8 status_bytes;     /* in Tetragon's record, before the parts of each argument */
	__u16 filter_window;   /* filters see arguments at their place in the record modulo this */
	__u32 unresolved_path; /* flag of a path that is too long */
	__u32 binary_count;
	__u32 exit_argument; /* the exit hook is disassociate_ctty, whose argument must be 1 */
	__u64 host_user_ns;
	__u16 enforced[MAX_ENFORCED]; /* of each function, the number of its policy */
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

#endif
