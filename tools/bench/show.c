/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/bench/show.h"

#include <inttypes.h>
#include <string.h>

#include "tools/format/json.h"
#include "tools/line/version.h"

static const char *payload(const struct bench_case *c)
{
	return c->read ? "read" : "untouched";
}

static uint64_t tenth_ns(uint64_t ps)
{
	return (ps + 50) / 100;
}

static void put_ns(FILE *out, int width, uint64_t ps)
{
	uint64_t t = tenth_ns(ps);

	fprintf(out, " %*" PRIu64 ".%" PRIu64, width, t / 10, t % 10);
}

static bool same_group(const struct sweep_row *a, const struct sweep_row *b)
{
	return a->c.pool == b->c.pool && a->c.batch == b->c.batch &&
	       a->c.read == b->c.read;
}

static void table_head(FILE *out, const struct sweep_row *r)
{
	fprintf(out, "\n%s: %s; batch %u, payload %s\n",
		bench_pool_name(r->c.pool), bench_pool_words(r->c.pool),
		r->c.batch, payload(&r->c));
	fprintf(out, "  %-15s %6s %6s %6s  %-8s %8s %8s %8s %7s\n", "path",
		"bytes", "slots", "stride", "referees", "min ns", "median",
		"max", "/floor");
}

void show_table(FILE *out, const struct sweep_result *r)
{
	uint64_t floor = r->floor.median ? r->floor.median : 1;

	fprintf(out,
		"measured on this host: nanoseconds a packet, %u rounds of "
		"each in turn\n"
		"bare floor (two rings, match table, owner check, one loop):",
		r->rounds);
	put_ns(out, 0, r->floor.median);
	fprintf(out, " ns\n");
	for (uint32_t i = 0; i < r->rows; i++) {
		const struct sweep_row *w = &r->row[i];
		uint64_t ratio = w->ps.median * 10 / floor;

		if (i == 0 || !same_group(w, w - 1))
			table_head(out, w);
		fprintf(out, "  %-15s %6u %6u %6u  %-8s", w->c.path, w->c.bytes,
			w->shape.slots, w->shape.stride,
			w->c.referees ? "on" : "off");
		put_ns(out, 6, w->ps.min);
		put_ns(out, 6, w->ps.median);
		put_ns(out, 6, w->ps.max);
		fprintf(out, " %5" PRIu64 ".%" PRIu64 "\n", ratio / 10,
			ratio % 10);
	}
}

static void json_ns(struct json *j, const struct sweep_ps *ps)
{
	json_object(j, "ns");
	json_decimal(j, "min", ps->min, 3);
	json_decimal(j, "median", ps->median, 3);
	json_decimal(j, "max", ps->max, 3);
	json_object_end(j);
}

static void json_row(struct json *j, const struct sweep_row *w, uint64_t floor)
{
	json_object(j, NULL);
	json_text(j, "path", w->c.path);
	json_number(j, "bytes", w->c.bytes);
	json_text(j, "pool", bench_pool_name(w->c.pool));
	json_number(j, "pool_bytes", w->shape.pool_bytes);
	json_number(j, "slots", w->shape.slots);
	json_number(j, "stride", w->shape.stride);
	json_number(j, "batch", w->c.batch);
	json_text(j, "payload", payload(&w->c));
	json_bool(j, "referees", w->c.referees);
	json_ns(j, &w->ps);
	json_decimal(j, "ratio_to_floor", w->ps.median * 1000 / floor, 3);
	json_object_end(j);
}

void show_json(FILE *out, const void *result)
{
	const struct sweep_result *r = result;
	struct json j = json_to(out);

	json_object(&j, NULL);
	json_text(&j, "schema", "twinring-bench-1");
	json_text(&j, "version", TWINRING_VERSION);
	json_number(&j, "rounds", r->rounds);
	json_bool(&j, "interrupted", r->interrupted);
	json_object(&j, "floor");
	json_decimal(&j, "ns", r->floor.median, 3);
	json_decimal(&j, "min", r->floor.min, 3);
	json_decimal(&j, "max", r->floor.max, 3);
	json_object_end(&j);
	json_array(&j, "rows");
	for (uint32_t i = 0; i < r->rows; i++)
		json_row(&j, &r->row[i], r->floor.median ? r->floor.median : 1);
	json_array_end(&j);
	json_object_end(&j);
	json_end(&j);
}

void show_data(FILE *out, const struct sweep_result *r)
{
	fprintf(out, "path pool bytes batch payload referees min median max\n");
	for (uint32_t i = 0; i < r->rows; i++) {
		const struct sweep_row *w = &r->row[i];

		fprintf(out, "%s %s %u %u %s %s", w->c.path,
			bench_pool_name(w->c.pool), w->c.bytes, w->c.batch,
			payload(&w->c), w->c.referees ? "on" : "off");
		put_ns(out, 0, w->ps.min);
		put_ns(out, 0, w->ps.median);
		put_ns(out, 0, w->ps.max);
		fputc('\n', out);
	}
}
