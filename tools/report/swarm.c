/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/report/swarm.h"

#include <inttypes.h>

#include "sim/text/visible.h"
#include "tools/format/json.h"
#include "tools/format/repeat.h"
#include "tools/line/version.h"

static uint64_t per_second(uint64_t count, uint64_t ns)
{
	return (uint64_t)((unsigned __int128)count * 1000000000u /
			  (ns ? ns : 1));
}

static void put_failure(FILE *out, const struct swarmed_failure *v)
{
	const struct finding *f = &v->result.finding;

	fprintf(out, "\nseed %" PRIu64 ": %s: %s\n", v->seed,
		clause_info(f->clause)->id, clause_info(f->clause)->words);
	if (v->file)
		fprintf(out, "  %s\n", VISIBLE(v->file));
	fprintf(out, "  after %" PRIu32 " steps%s: %s, link %" PRIu32,
		v->result.steps, v->result.at_rest ? ", quiescent" : "",
		v->actor, f->link);
	if (f->slot != NO_SLOT)
		fprintf(out, ", slot %" PRIu32, f->slot);
	fprintf(out, ": %s\n  to see it again\n    %s\n", f->detail,
		v->command);
}

void swarmed_print_failures(FILE *out, const struct swarmed *s)
{
	for (uint32_t i = 0; i < s->failures; i++)
		put_failure(out, &s->failure[i]);
	if (!s->saved || !s->failures)
		return;
	fputs("\nthe first, made short\n  ", out);
	repeat_put(out, &(struct repeat){.verb = "run", .file = s->saved});
	fputc('\n', out);
}

void swarmed_print(FILE *out, const struct swarmed *s)
{
	fprintf(out, "seeds %" PRIu64 " to %" PRIu64 ": %s\n", s->first,
		s->last,
		s->failed        ? "VIOLATED"
		: s->interrupted ? "clean as far as it went"
				 : "clean");
	fprintf(out,
		"  %" PRIu64 " worlds, %" PRIu64 " failed, digest %016" PRIx64
		"\n",
		s->worlds, s->failed, s->digest);
	fprintf(out,
		"  %" PRIu64 " steps, %" PRIu64 " faults, %" PRIu64
		" writes by hostile VMs, %" PRIu32
		" things in a step at most\n",
		s->steps, s->strikes, s->writes, s->work);
	fprintf(out,
		"  %" PRIu64 ".%03u s measured, %" PRIu32 " jobs: %" PRIu64
		" worlds/s, %" PRIu64 " steps/s\n",
		s->wall_ns / 1000000000u,
		(unsigned)(s->wall_ns / 1000000 % 1000), s->jobs,
		per_second(s->worlds, s->wall_ns),
		per_second(s->steps, s->wall_ns));
	swarmed_print_failures(out, s);
}

static void json_failure(struct json *j, const struct swarmed_failure *v)
{
	const struct finding *f = &v->result.finding;

	json_object(j, NULL);
	json_number(j, "seed", v->seed);
	json_text(j, "scenario", v->file);
	json_text(j, "clause", clause_info(f->clause)->id);
	json_text(j, "words", clause_info(f->clause)->words);
	json_text(j, "actor", v->actor);
	json_number(j, "link", f->link);
	if (f->slot != NO_SLOT)
		json_number(j, "slot", f->slot);
	else
		json_null(j, "slot");
	json_text(j, "detail", f->detail);
	json_bool(j, "at_rest", v->result.at_rest);
	json_number(j, "steps", v->result.steps);
	json_text(j, "command", v->command);
	json_object_end(j);
}

void swarmed_json(FILE *out, const void *what)
{
	const struct swarmed *s = what;
	struct json j = json_to(out);

	json_object(&j, NULL);
	json_text(&j, "schema", "twinring-swarm-1");
	json_text(&j, "version", TWINRING_VERSION);
	json_text(&j, "build", version_git_id());
	json_number(&j, "first_seed", s->first);
	json_number(&j, "last_seed", s->last);
	json_number(&j, "scenarios", s->scenarios);
	json_bool(&j, "interrupted", s->interrupted);
	json_number(&j, "worlds", s->worlds);
	json_number(&j, "failed", s->failed);
	json_hex(&j, "digest", s->digest);
	json_number(&j, "steps", s->steps);
	json_number(&j, "faults", s->strikes);
	json_number(&j, "hostile_writes", s->writes);
	json_number(&j, "work_max", s->work);
	json_array(&j, "failures");
	for (uint32_t i = 0; i < s->failures; i++)
		json_failure(&j, &s->failure[i]);
	json_array_end(&j);
	json_text(&j, "scenario_saved", s->failures ? s->saved : NULL);
	json_number(&j, "jobs", s->jobs);
	json_decimal(&j, "seconds", s->wall_ns / 1000, 6);
	json_number(&j, "worlds_per_second", per_second(s->worlds, s->wall_ns));
	json_object_end(&j);
	json_end(&j);
}
