/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Sockets, addresses and packets: read into the slot's bytes as struct tr_sock_bytes, and what filters ask of those. */
#ifndef TRACERIG_SOCKETS_H
#define TRACERIG_SOCKETS_H

#include "memory.h"
#include "sets.h"
#include "setup.h"
#include <bpf/bpf_endian.h>

#define AF_INET 2
#define AF_INET6 10

PART int read_sock(__u32 number, __u64 address)
{
	struct sock *sock = (void *)address;
	struct tr_sock_bytes *out;
	struct tr_slot *slot;

	if (!plan.uses_sockets)
		return 0;
	slot = slot_of(number);
	if (!slot)
		return 0;
	out = (void *)slot->bytes;
	__builtin_memset(out, 0, sizeof(*out));
	out->family = BPF_CORE_READ(sock, __sk_common.skc_family);
	out->state = BPF_CORE_READ(sock, __sk_common.skc_state);
	out->type = BPF_CORE_READ(sock, sk_type);
	out->protocol = BPF_CORE_READ(sock, sk_protocol);
	out->mark = BPF_CORE_READ(sock, sk_mark);
	out->priority = BPF_CORE_READ(sock, sk_priority);
	out->cookie = address;
	if (out->family == AF_INET) {
		__u32 source = BPF_CORE_READ(sock, __sk_common.skc_rcv_saddr);
		__u32 destination = BPF_CORE_READ(sock, __sk_common.skc_daddr);

		__builtin_memcpy(out->saddr, &source, 4);
		__builtin_memcpy(out->daddr, &destination, 4);
	} else if (out->family == AF_INET6) {
		BPF_CORE_READ_INTO(&out->saddr, sock, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&out->daddr, sock, __sk_common.skc_v6_daddr);
	}
	out->sport = BPF_CORE_READ(sock, __sk_common.skc_num);
	out->dport = bpf_ntohs(BPF_CORE_READ(sock, __sk_common.skc_dport));
	slot->length = sizeof(*out);
	return 0;
}

PART int read_sockaddr(__u32 number, __u64 address)
{
	struct sockaddr_in6 from = {};
	struct tr_sock_bytes *out;
	struct tr_slot *slot;
	long error;

	if (!plan.uses_sockets)
		return 0;
	slot = slot_of(number);
	if (!slot)
		return 0;
	error = read_bytes(&from, 16, address);
	/* An IPv4 address is shorter; what lies behind it is not looked at. */
	if (!error && from.sin6_family == AF_INET6)
		error = read_bytes(&from, sizeof(from), address);
	if (error) {
		slot->status = READ_FAULT;
		return 0;
	}
	out = (void *)slot->bytes;
	__builtin_memset(out, 0, sizeof(*out));
	out->family = from.sin6_family;
	if (out->family == AF_INET)
		__builtin_memcpy(out->saddr, &from.sin6_flowinfo, 4);
	else if (out->family == AF_INET6)
		__builtin_memcpy(out->saddr, &from.sin6_addr, 16);
	if (out->family == AF_INET || out->family == AF_INET6)
		out->sport = bpf_ntohs(from.sin6_port);
	slot->length = sizeof(*out);
	return 0;
}

#define UNIX_PATH_SIZE 108

/* A name of an abstract socket, without its NULs. Without branches, which the verifier would all follow. */
INLINE __u32 abstract_name(struct tr_slot *slot, const __u8 *name)
{
	__u32 length = 0;

	for (__u32 i = 0; i < UNIX_PATH_SIZE; i++) {
		__u32 byte = name[i];

		/* Else clang knows it for a byte, and compares. */
		asm volatile("" : "+r"(byte));
		/* A NUL is overwritten by what follows it. */
		slot->bytes[length & (PATH_SIZE - 1)] = byte;
		length += (0u - byte) >> 31;
	}
	return length;
}

/* The family is the slot's value, the name of an AF_UNIX socket its bytes, and its mode whether that is abstract. */
PART int read_unix_address(__u32 number, __u64 address)
{
	__u8 name[UNIX_PATH_SIZE] = {};
	struct tr_slot *slot;
	__u16 family = 0;
	long length;

	if (!plan.uses_sockets)
		return 0;
	slot = slot_of(number);
	if (!slot)
		return 0;
	read_bytes(&family, sizeof(family), address);
	slot->value = family;
	address += sizeof(family);
	if (read_bytes(name, sizeof(name), address))
		return 0;
	slot->mode = name[0] == 0;
	if (slot->mode) {
		slot->length = abstract_name(slot, name);
		return 0;
	}
	if (kernel_address(address))
		length = bpf_probe_read_kernel_str(slot->bytes, UNIX_PATH_SIZE, (void *)address);
	else
		length = bpf_probe_read_user_str(slot->bytes, UNIX_PATH_SIZE, (void *)address);
	slot->length = length > 0 ? length - 1 : 0;
	return 0;
}

#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define IPV6_HOP_BY_HOP 0
#define IPV6_ROUTING 43
#define IPV6_FRAGMENT 44
#define IPV6_AUTHENTICATION 51
#define IPV6_DESTINATION 60
#define IPV6_EXTENSIONS 7

/* Behind the extension headers; the protocol there. Headers beyond the most that are looked at: that of the next one.
 */
INLINE __u64 behind_extensions(__u64 at, __u8 *protocol)
{
	for (int i = 0; i < IPV6_EXTENSIONS; i++) {
		__u8 header[2] = {};

		switch (*protocol) {
		case IPV6_HOP_BY_HOP:
		case IPV6_ROUTING:
		case IPV6_FRAGMENT:
		case IPV6_AUTHENTICATION:
		case IPV6_DESTINATION:
			break;
		default:
			return at;
		}
		if (bpf_probe_read_kernel(header, sizeof(header), (void *)at))
			return at;
		if (*protocol == IPV6_FRAGMENT)
			at += 8;
		else if (*protocol == IPV6_AUTHENTICATION)
			at += (header[1] + 2) * 4;
		else
			at += (header[1] + 1) * 8;
		*protocol = header[0];
	}
	return at;
}

PART int read_packet(__u32 number, __u64 address)
{
	struct sk_buff *packet = (void *)address;
	struct tr_sock_bytes *out;
	struct tr_slot *slot;
	__u64 head, network, transport;
	__u8 version = 0, protocol = 0;
	__u16 ports[2] = {};

	if (!plan.uses_packets)
		return 0;
	slot = slot_of(number);
	if (!slot)
		return 0;
	out = (void *)slot->bytes;
	__builtin_memset(out, 0, sizeof(*out));
	slot->length = sizeof(*out);
	out->hash = BPF_CORE_READ(packet, hash);
	out->size = BPF_CORE_READ(packet, len);
	out->priority = BPF_CORE_READ(packet, priority);
	out->mark = BPF_CORE_READ(packet, mark);
	head = (__u64)BPF_CORE_READ(packet, head);
	network = head + BPF_CORE_READ(packet, network_header);
	bpf_probe_read_kernel(&version, 1, (void *)network);
	if (version >> 4 == 4) {
		out->family = AF_INET;
		bpf_probe_read_kernel(&protocol, 1, &((struct iphdr *)network)->protocol);
		bpf_probe_read_kernel(out->saddr, 4, &((struct iphdr *)network)->saddr);
		bpf_probe_read_kernel(out->daddr, 4, &((struct iphdr *)network)->daddr);
		transport = head + BPF_CORE_READ(packet, transport_header);
	} else if (version >> 4 == 6) {
		out->family = AF_INET6;
		bpf_probe_read_kernel(&protocol, 1, &((struct ipv6hdr *)network)->nexthdr);
		bpf_probe_read_kernel(out->saddr, 16, &((struct ipv6hdr *)network)->saddr);
		bpf_probe_read_kernel(out->daddr, 16, &((struct ipv6hdr *)network)->daddr);
		transport = behind_extensions(network + sizeof(struct ipv6hdr), &protocol);
	} else {
		return 0;
	}
	out->protocol = protocol;
	/* Both begin with source and destination port. */
	if (protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP)
		bpf_probe_read_kernel(ports, sizeof(ports), (void *)transport);
	out->sport = bpf_ntohs(ports[0]);
	out->dport = bpf_ntohs(ports[1]);
	return 0;
}

/* Of what a filter on sockets looks at, only this has IP addresses. */
INLINE bool has_address(struct tr_slot *slot)
{
	struct tr_sock_bytes *sock = (void *)slot->bytes;

	return sock->family == AF_INET || sock->family == AF_INET6;
}

PART int match_address(__u32 number, __u32 side, __u32 set)
{
	struct tr_address_key key = {};
	struct tr_sock_bytes *sock;
	struct tr_slot *slot;

	if (!plan.uses_addresses)
		return 0;
	slot = slot_of(number);
	if (!slot)
		return 0;
	sock = (void *)slot->bytes;
	key.bits = 16 + (sock->family == AF_INET ? 32 : 128);
	key.set = set;
	key.family = sock->family;
	/* IPv4 addresses are followed by zeros. */
	__builtin_memcpy(key.bytes, side == SIDE_DESTINATION ? sock->daddr : sock->saddr, 16);
	return bpf_map_lookup_elem(&addresses, &key) != NULL;
}

INLINE __u64 port_of(struct tr_slot *slot, __u8 side)
{
	struct tr_sock_bytes *sock = (void *)slot->bytes;

	return side == SIDE_DESTINATION ? sock->dport : sock->sport;
}

INLINE __u64 socket_number_of(struct tr_slot *slot, __u8 field)
{
	struct tr_sock_bytes *sock = (void *)slot->bytes;

	switch (field) {
	case SOCKET_PROTOCOL:
		return sock->protocol;
	case SOCKET_FAMILY:
		return slot->type == ARG_SOCKADDR_UN ? slot->value : sock->family;
	default:
		return sock->state;
	}
}

#endif
