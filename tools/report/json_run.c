/* SPDX-License-Identifier: BSD-3-Clause */
/* Everything but "wall" is the same, byte for byte, whenever it is repeated. */
#include "tools/report/json_run.h"

#include <string.h>

#include "tools/format/json.h"
#include "tools/line/version.h"

static const char *vm_name(const struct outcome *o, uint32_t link, uint32_t end)
{
	const struct world_config *c = &o->sc->world;

	return c->vm[c->link[link].end[end]].name;
}

static void put_head(struct json *j, const struct outcome *o)
{
	const struct run_result *r = o->result;

	json_text(j, "schema", "twinring-run-1");
	json_text(j, "version", TWINRING_VERSION);
	json_text(j, "build", version_git_id());
	json_object(j, "scenario");
	json_text(j, "file", o->sc->file);
	json_text(j, "name", o->sc->name);
	json_object_end(j);
	json_text(j, "config", o->config);
	json_number(j, "seed", o->sc->seed);
	json_text(j, "profile", o->price->name);
	json_hex(j, "digest", r->digest);
	json_bool(j, "held", r->held);
	json_bool(j, "interrupted", r->interrupted);
	json_bool(j, "settled", r->settled);
	json_bool(j, "checked", o->checked);
}

static void put_story(struct json *j, const struct violation *v)
{
	json_array(j, "story");
	for (uint32_t i = 0; i < v->history_lines; i++)
		json_text(j, NULL, v->story[i]);
	json_array_end(j);
}

static void put_violation(struct json *j, const struct outcome *o,
			  const struct violation *v)
{
	const struct finding *f = &v->finding;
	const struct clause_info *c = clause_info(f->clause);

	json_object(j, NULL);
	json_text(j, "clause", c->id);
	json_text(j, "words", c->words);
	json_text(j, "actor", v->actor);
	json_number(j, "time_ps", f->event.time);
	json_number(j, "link", f->link);
	if (f->slot == NO_SLOT)
		json_null(j, "slot");
	else
		json_number(j, "slot", f->slot);
	json_text(j, "detail", f->detail);
	put_story(j, v);
	json_text(j, "reproduce", o->repeat);
	json_object_end(j);
}

static void put_verdict(struct json *j, const struct outcome *o)
{
	const struct run_result *r = o->result;

	json_number(j, "violation_count", r->violations);
	json_array(j, "violations");
	for (uint32_t i = 0; i < r->violations_kept; i++)
		put_violation(j, o, &r->violation[i]);
	json_array_end(j);
	json_array(j, "unmet");
	for (uint32_t i = 0; i < r->unmets; i++)
		json_text(j, NULL, r->unmet[i].what);
	json_array_end(j);
}

static void put_flow(struct json *j, const char *key,
		     const struct flow_count *f)
{
	json_object(j, key);
	json_number(j, "packets", f->packets);
	json_number(j, "bytes", f->bytes);
	json_object_end(j);
}

static void put_counts(struct json *j, const struct tally *t)
{
	json_object(j, "counts");
	for (int k = 0; k < COST_KINDS; k++)
		json_number(j, cost_info((enum cost)k)->name, t->count[k]);
	json_object_end(j);
}

static void put_tally(struct json *j, const struct tally *t)
{
	put_flow(j, "sent", &t->sent);
	put_flow(j, "delivered", &t->delivered);
	put_flow(j, "lost", &t->lost);
	put_flow(j, "too_large", &t->too_large);
	json_number(j, "dropped", t->dropped);
	json_number(j, "returned", t->returned);
	json_number(j, "host_bytes_copied",
		    cost_sum(t->count, COST_SORT_HOST_BYTE));
	json_number(j, "guest_bytes_copied",
		    cost_sum(t->count, COST_SORT_GUEST_BYTE));
	json_number(j, "exits", cost_sum(t->count, COST_SORT_EXIT));
	json_number(j, "kicks_suppressed", t->kicks_suppressed);
	json_number(j, "calls_suppressed", t->calls_suppressed);
	put_counts(j, t);
}

static void put_latency(struct json *j, const struct figures *f)
{
	if (!f->has_latency) {
		json_null(j, "latency_ps");
		return;
	}
	json_object(j, "latency_ps");
	json_number(j, "packets", f->measured);
	json_number(j, "min", f->min);
	json_number(j, "mean", f->mean);
	json_number(j, "p50", f->p50);
	json_number(j, "p90", f->p90);
	json_number(j, "p99", f->p99);
	json_number(j, "p999", f->p999);
	json_number(j, "max", f->max);
	json_object_end(j);
}

static void put_modelled(struct json *j, const struct outcome *o,
			 const struct tally *t)
{
	struct figures f = figures_of(o->result, t);

	json_object(j, "modelled");
	json_number(j, "virtual_ps", o->result->virtual_ps);
	if (f.has_rate) {
		json_number(j, "packets_per_second", f.packets_per_second);
		json_number(j, "bits_per_second", f.bits_per_second);
	} else {
		json_null(j, "packets_per_second");
		json_null(j, "bits_per_second");
	}
	put_latency(j, &f);
	json_number(j, "gifts_per_packet_milli", f.gifts_milli);
	json_object_end(j);
}

static void put_core(struct json *j, const struct outcome *o, uint32_t core)
{
	const struct run_result *r = o->result;
	bool polled = false;

	json_object(j, NULL);
	json_array(j, "actors");
	for (uint32_t i = 0; i < r->actors; i++)
		if (r->actor[i].acts && r->actor[i].core == core) {
			json_text(j, NULL, r->actor[i].name);
			polled |= r->actor[i].polls;
		}
	json_array_end(j);
	json_bool(j, "polled", polled);
	json_number(j, "busy_ps", cpu_core(r, o->price, core));
	json_object_end(j);
}

/* Whose time it took, and on which cores. */
static void put_cpu(struct json *j, const struct outcome *o)
{
	const struct run_result *r = o->result;
	struct cpu c = cpu_of(r, o->price);
	uint64_t packets = r->all.delivered.packets;

	json_object(j, "cpu");
	json_number(j, "ps", c.total_ps);
	json_number(j, "ps_per_packet", packets ? c.total_ps / packets : 0);
	json_number(j, "cores_busy_milli",
		    cpu_milli(c.total_ps, r->virtual_ps));
	json_object(j, "parties");
	for (int p = 0; p < PARTIES; p++) {
		json_object(j, party_info((enum party)p)->name);
		json_number(j, "ps", c.ps[p]);
		json_number(j, "ps_per_packet",
			    packets ? c.ps[p] / packets : 0);
		json_number(j, "share_milli", cpu_milli(c.ps[p], c.total_ps));
		json_object_end(j);
	}
	json_object_end(j);
	json_array(j, "cores");
	for (uint32_t i = 0; i < r->actors; i++)
		if (cpu_core_is(r, i))
			put_core(j, o, i);
	json_array_end(j);
	json_object_end(j);
}

static void put_wall(struct json *j, const struct outcome *o)
{
	uint64_t done = o->result->all.delivered.packets;

	json_object(j, "wall");
	json_decimal(j, "seconds", o->wall_ns / 1000, 6);
	json_number(j, "packets_per_second",
		    figures_per_second(done, o->wall_ns * 1000));
	json_object_end(j);
}

static void put_exposure(struct json *j, const struct outcome *o, uint32_t link)
{
	const struct link_result *l = &o->result->link[link];

	json_array(j, "exposure");
	for (uint32_t end = 0; end < 2; end++) {
		json_object(j, NULL);
		json_text(j, "who", vm_name(o, link, end));
		json_text(j, "whose", vm_name(o, link, !end));
		json_number(j, "ram_bytes", l->exposure[end].ram);
		json_number(j, "shared_bytes", l->exposure[end].shared);
		json_object_end(j);
	}
	json_array_end(j);
}

static void put_held(struct json *j, const struct outcome *o, uint32_t link)
{
	json_array(j, "held");
	for (uint32_t end = 0; end < 2; end++) {
		const struct held_series *s = &o->result->link[link].held[end];

		json_object(j, NULL);
		json_text(j, "vm", vm_name(o, link, end));
		json_number(j, "min", s->min);
		json_number(j, "max", s->max);
		json_number(j, "mean_milli", s->mean_milli);
		json_number(j, "interval_ps", s->interval_ps);
		json_numbers(j, "points", s->point, s->points);
		json_object_end(j);
	}
	json_array_end(j);
}

static void put_unsent(struct json *j, const struct outcome *o, uint32_t link)
{
	json_array(j, "unsent");
	for (uint32_t end = 0; end < 2; end++) {
		const struct unsent *u = &o->result->link[link].unsent[end];

		json_object(j, NULL);
		json_text(j, "vm", vm_name(o, link, end));
		json_number(j, "packets", u->packets);
		json_text(j, "because", u->why);
		json_object_end(j);
	}
	json_array_end(j);
}

static void put_link(struct json *j, const struct outcome *o, uint32_t link)
{
	const struct link_result *l = &o->result->link[link];

	json_object(j, NULL);
	json_text(j, "path", o->sc->world.link[link].path);
	json_array(j, "ends");
	json_text(j, NULL, vm_name(o, link, 0));
	json_text(j, NULL, vm_name(o, link, 1));
	json_array_end(j);
	json_bool(j, "paired", l->paired);
	json_text(j, "reject_reason", l->paired ? NULL : l->reject_reason);
	json_number(j, "slots_used", l->slots_used);
	put_tally(j, &l->tally);
	put_modelled(j, o, &l->tally);
	put_exposure(j, o, link);
	put_held(j, o, link);
	put_unsent(j, o, link);
	json_object_end(j);
}

static void put_placement(struct json *j, const struct outcome *o,
			  const struct run_placement *r)
{
	const struct placement *p = &r->p;

	json_object(j, NULL);
	json_number(j, "traffic", r->traffic);
	json_text(j, "pcap", o->sc->traffic[r->traffic].pcap);
	json_number(j, "endpoints", p->endpoints);
	json_array(j, "placed");
	for (uint32_t i = 0; i < p->shown; i++) {
		json_object(j, NULL);
		json_text(j, "endpoint", p->end[i].name);
		json_text(j, "vm", o->sc->world.vm[p->end[i].vm].name);
		json_number(j, "packets", p->end[i].packets);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

static void put_replayed(struct json *j, const struct outcome *o,
			 const struct replayed *r)
{
	json_object(j, NULL);
	json_number(j, "traffic", r->traffic);
	json_text(j, "file", o->sc->traffic[r->traffic].pcap);
	json_number(j, "packets", r->packets);
	json_number(j, "left_out", r->left_out);
	json_number(j, "empty", r->empty);
	json_number(j, "padded", r->padded);
	json_number(j, "cut", r->cut);
	json_number(j, "overlong", r->overlong);
	json_number(j, "converted", r->converted);
	json_number(j, "held_back", r->held_back);
	json_number(j, "gaps_cut", r->gaps_cut);
	json_number(j, "gap_limit_ps", r->gap_limit_ps);
	json_text(j, "direction", r->direction);
	json_bool(j, "one_way", r->one_way);
	json_number(j, "by_mac", r->by_mac);
	json_number(j, "by_guess", r->by_guess);
	json_bool(j, "damaged", r->damaged);
	json_array(j, "notices");
	for (uint32_t i = 0; i < r->notices; i++)
		json_text(j, NULL, r->notice[i]);
	json_array_end(j);
	json_object_end(j);
}

static void put_placements(struct json *j, const struct outcome *o)
{
	json_array(j, "placement");
	for (uint32_t i = 0; i < o->result->placements; i++)
		put_placement(j, o, &o->result->placement[i]);
	json_array_end(j);
}

void json_run(FILE *out, const void *outcome)
{
	const struct outcome *o = outcome;
	struct json j = json_to(out);

	json_object(&j, NULL);
	put_head(&j, o);
	put_verdict(&j, o);
	put_tally(&j, &o->result->all);
	json_number(&j, "unsent", o->result->unsent);
	put_modelled(&j, o, &o->result->all);
	put_cpu(&j, o);
	put_placements(&j, o);
	json_array(&j, "links");
	for (uint32_t i = 0; i < o->result->links; i++)
		put_link(&j, o, i);
	json_array_end(&j);
	json_array(&j, "replayed");
	for (uint32_t i = 0; i < o->result->replays; i++)
		put_replayed(&j, o, &o->result->replayed[i]);
	json_array_end(&j);
	put_wall(&j, o);
	json_object_end(&j);
	json_end(&j);
}
