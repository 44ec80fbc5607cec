/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * By port a first pass finds out who serves in each flow: the receiver of the
 * first SYN, else the lower port, else whoever was asked first.
 */
#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/traffic/direction/endpoint_classifier.h"

enum server { SERVER_UNKNOWN, SERVER_LOW, SERVER_HIGH, SERVER_SURE = 4 };

struct walker *walker_begin(const struct capture *c)
{
	struct walker *w = malloc(sizeof *w);

	if (!w)
		return NULL;
	w->failed = false;
	if (!capture_begin(&w->reader, c)) {
		free(w);
		return NULL;
	}
	return w;
}

void walker_end(struct walker *w)
{
	if (w)
		capture_end(&w->reader);
	free(w);
}

void walker_rewind(struct walker *w)
{
	w->failed = false;
	capture_rewind(&w->reader);
}

bool walker_next(struct walker *w, struct frame *out)
{
	const uint8_t *bytes;
	uint32_t len;

	if (!capture_next(&w->reader, &w->packet)) {
		w->failed = w->reader.at < w->reader.c->count;
		return false;
	}
	bytes = capture_head(&w->packet, w->room, &len);
	frame_parse(bytes, len, out);
	return true;
}

struct key endpoint_mac_key(const uint8_t *mac)
{
	struct key k = {{0}};

	memcpy(k.bytes, mac, 6);
	return k;
}

static struct key ip_key(const struct frame *f, const uint8_t *ip)
{
	struct key k = {{f->ip_version}};

	memcpy(k.bytes + 1, ip, frame_ip_size(f));
	return k;
}

/* Address and port: 18 bytes, filled with zeros. */
static void put_end(uint8_t *to, const struct frame *f, bool from)
{
	uint16_t port = from ? f->port_from : f->port_to;

	memcpy(to, from ? f->ip_from : f->ip_to, frame_ip_size(f));
	to[16] = (uint8_t)(port >> 8);
	to[17] = (uint8_t)port;
}

/* True if the frame has two ends with ports; *low: its sender's key is. */
static bool flow_key(const struct frame *f, struct key *k, bool *low)
{
	uint8_t end[2][18] = {{0}, {0}};
	int order;

	if (!f->l4)
		return false;
	put_end(end[0], f, true);
	put_end(end[1], f, false);
	order = memcmp(end[0], end[1], sizeof end[0]);
	*low = order < 0;
	*k = (struct key){{f->ip_version, f->protocol}};
	memcpy(k->bytes + 2, end[order < 0 ? 0 : 1], sizeof end[0]);
	memcpy(k->bytes + 20, end[order < 0 ? 1 : 0], sizeof end[0]);
	return order != 0;
}

/* Who serves, as this frame shows it: a first SYN knows, a port hints. */
static uint8_t server_shown(const struct frame *f, bool sender_low)
{
	uint8_t sender = sender_low ? SERVER_LOW : SERVER_HIGH;
	uint8_t receiver = sender_low ? SERVER_HIGH : SERVER_LOW;

	if (f->protocol == FRAME_TCP && f->tcp_flags & FRAME_SYN)
		return SERVER_SURE |
		       (f->tcp_flags & FRAME_ACK ? sender : receiver);
	return f->port_from < f->port_to ? sender : receiver;
}

static bool find_servers(struct endpoint_classifier *t, struct walker *w)
{
	struct frame f;
	struct key k;
	bool low;

	walker_rewind(w);
	while (walker_next(w, &f)) {
		uint32_t n;
		uint8_t shown;

		if (!flow_key(&f, &k, &low))
			continue;
		n = flow_table_add(&t->flows, &k);
		if (n == FLOW_NONE)
			return false;
		shown = server_shown(&f, low);
		if (!t->flows.mark[n] ||
		    (shown & ~t->flows.mark[n] & SERVER_SURE))
			t->flows.mark[n] = shown;
	}
	return !w->failed;
}

/* The endpoints of a frame by port: 's' for the server, 'c' for the client. */
static bool port_ends(const struct endpoint_classifier *t,
		      const struct frame *f, struct key *from, struct key *to)
{
	struct key k;
	bool low, serves;
	uint32_t n;

	if (!flow_key(f, &k, &low))
		return false;
	n = flow_table_find(&t->flows, &k);
	if (n == FLOW_NONE) /* the file changed */
		return false;
	serves = ((t->flows.mark[n] & 3) == SERVER_LOW) == low;
	*from = (struct key){{serves ? 's' : 'c'}};
	*to = (struct key){{serves ? 'c' : 's'}};
	return true;
}

bool endpoint_ends(const struct endpoint_classifier *t, const struct frame *f,
		   struct key *from, struct key *to)
{
	switch (t->by) {
	case DIRECTION_MAC:
		if (!f->mac_from)
			return false;
		*from = endpoint_mac_key(f->mac_from);
		*to = endpoint_mac_key(f->mac_to);
		break;
	case DIRECTION_IP:
		if (!f->ip_from)
			return false;
		*from = ip_key(f, f->ip_from);
		*to = ip_key(f, f->ip_to);
		break;
	case DIRECTION_PORT:
		return port_ends(t, f, from, to);
	case DIRECTION_AUTO:
		return false;
	}
	return memcmp(from, to, sizeof *from) != 0;
}

bool endpoint_count_replies(const struct endpoint_classifier *t,
			    struct walker *w, struct direction_tally *out)
{
	struct frame f;
	struct key from, to;

	walker_rewind(w);
	while (walker_next(w, &f))
		if (endpoint_ends(t, &f, &from, &to))
			out->replies +=
				flow_table_find(&t->ends, &to) != FLOW_NONE;
	return !w->failed;
}

bool endpoint_learn(struct endpoint_classifier *t, struct walker *w,
		    struct direction_tally *out)
{
	struct frame f;
	struct key from, to;

	if (t->by == DIRECTION_PORT && !find_servers(t, w))
		return false;
	walker_rewind(w);
	while (walker_next(w, &f)) {
		if (!endpoint_ends(t, &f, &from, &to))
			continue;
		out->decided++;
		if (flow_table_add(&t->ends, &from) == FLOW_NONE)
			return false;
	}
	out->endpoints = t->ends.count;
	return !w->failed;
}

void endpoint_name(const struct endpoint_classifier *t, const struct key *key,
		   char *out, size_t size)
{
	const uint8_t *b = key->bytes;
	char ip[INET6_ADDRSTRLEN];

	switch (t->by) {
	case DIRECTION_MAC:
		snprintf(out, size, "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1],
			 b[2], b[3], b[4], b[5]);
		break;
	case DIRECTION_IP:
		snprintf(out, size, "%s",
			 inet_ntop(b[0] == 4 ? AF_INET : AF_INET6, b + 1, ip,
				   sizeof ip));
		break;
	default:
		snprintf(out, size, "%s",
			 b[0] == 's' ? "the servers" : "the clients");
	}
}

void endpoint_classifier_free(struct endpoint_classifier *t)
{
	flow_table_free(&t->ends);
	flow_table_free(&t->flows);
}
