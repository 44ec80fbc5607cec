/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls of an owner in order, and what each that is wrong ends with. */
#include "model/vhost/vhost_kernel.h"

#include "model/unit_verdict.h"

enum { TAP = 0, KICK = 1, CLOSED = 2, SIZE = 8, START = 65530 };

/* Whoever serves rings: which are, and where one has come to. */
struct served {
	bool ring[VHOST_RINGS];
	uint16_t at[VHOST_RINGS];
	bool cannot;
};

static bool bind(void *to, uint32_t ring, const struct vq_area *area,
		 uint16_t base, struct verdict *why)
{
	struct served *s = to;

	CU_ASSERT_EQUAL(area->size, SIZE);
	CU_ASSERT_FALSE(s->ring[ring]);
	if (s->cannot) {
		verdict_set(why, CLAUSE_SPLIT_REACH, "cannot");
		return false;
	}
	s->ring[ring] = true;
	s->at[ring] = base;
	return true;
}

static uint16_t at(void *to, uint32_t ring)
{
	return ((struct served *)to)->at[ring];
}

static uint16_t unbind(void *to, uint32_t ring)
{
	struct served *s = to;

	CU_ASSERT_TRUE(s->ring[ring]);
	s->ring[ring] = false;
	return s->at[ring];
}

static const struct vhost_ops ops = {bind, at, unbind};

static const struct vhost_region memory = {0x10000, 0x1000};
static const struct vq_area place = {0x10000, 0x10100, 0x10200, 0};

static struct vhost_kernel kernel_new(struct served *s)
{
	*s = (struct served){.cannot = false};
	return (struct vhost_kernel){
		.ops = &ops,
		.to = s,
		.offered = 0xff,
		.file = {[TAP] = VHOST_FILE_TAP, [KICK] = VHOST_FILE_EVENTFD}};
}

static enum vhost_error calls(struct vhost_kernel *v, struct vhost_call c)
{
	return vhost_kernel_call(v, &c, NULL, NULL);
}

#define CALL(v, ...) calls(v, (struct vhost_call){__VA_ARGS__})
#define GOOD(v, ...) CU_ASSERT_EQUAL(CALL(v, __VA_ARGS__), VHOST_OK)

/* All but the back end. */
static void set_up(struct vhost_kernel *v)
{
	GOOD(v, .request = VHOST_SET_OWNER);
	GOOD(v, .request = VHOST_SET_FEATURES, .value = 3);
	GOOD(v, .request = VHOST_SET_MEM_TABLE, .count = 1, .region = &memory);
	GOOD(v, .request = VHOST_SET_VRING_NUM, .index = 1, .value = SIZE);
	GOOD(v, .request = VHOST_SET_VRING_BASE, .index = 1, .value = START);
	GOOD(v, .request = VHOST_SET_VRING_ADDR, .index = 1, .area = place);
	GOOD(v, .request = VHOST_SET_VRING_KICK, .index = 1, .file = KICK);
	GOOD(v, .request = VHOST_SET_VRING_CALL, .index = 1, .file = KICK);
}

/* A ring is served from binding to unbinding, and goes on where it stopped. */
static void rings_go_on_where_they_stopped(void)
{
	struct served s;
	struct vhost_kernel v = kernel_new(&s);
	struct vhost_call get = {.request = VHOST_GET_VRING_BASE, .index = 1};
	uint64_t base;

	set_up(&v);
	CU_ASSERT_FALSE(vhost_kernel_serves(&v, 1));
	GOOD(&v, .request = VHOST_NET_SET_BACKEND, .index = 1, .file = TAP);
	CU_ASSERT_TRUE(vhost_kernel_serves(&v, 1) && s.ring[1]);
	CU_ASSERT_FALSE(vhost_kernel_serves(&v, 0));
	CU_ASSERT_EQUAL(s.at[1], START);
	s.at[1] = 4;
	CU_ASSERT_EQUAL(vhost_kernel_call(&v, &get, &base, NULL), VHOST_OK);
	CU_ASSERT_EQUAL(base, 4);
	GOOD(&v, .request = VHOST_NET_SET_BACKEND, .index = 1, .file = TAP);
	GOOD(&v, .request = VHOST_NET_SET_BACKEND, .index = 1,
	     .file = VHOST_UNBIND);
	CU_ASSERT_FALSE(vhost_kernel_serves(&v, 1) || s.ring[1]);
	GOOD(&v, .request = VHOST_NET_SET_BACKEND, .index = 1,
	     .file = VHOST_UNBIND);
	s.at[1] = 0;
	GOOD(&v, .request = VHOST_NET_SET_BACKEND, .index = 1, .file = TAP);
	CU_ASSERT_EQUAL(s.at[1], 4);
	GOOD(&v, .request = VHOST_RESET_OWNER);
	CU_ASSERT_FALSE(v.owned || s.ring[1] || v.ring[1].sized);
	GOOD(&v, .request = VHOST_SET_OWNER);
}

static void features_are_offered(void)
{
	struct served s;
	struct vhost_kernel v = kernel_new(&s);
	struct vhost_call get = {.request = VHOST_GET_FEATURES};
	uint64_t offered;

	CU_ASSERT_EQUAL(vhost_kernel_call(&v, &get, &offered, NULL), VHOST_OK);
	CU_ASSERT_EQUAL(offered, 0xff);
}

/* How far the set-up has come, when something wrong is called. */
enum stage { NEW, OWNED, READY, BOUND };

static const struct vhost_region none = {0x10000, 0},
				 around = {UINT64_MAX - 1, 0x1000},
				 elsewhere = {0x90000, 0x1000};

static const struct wrong {
	enum stage stage;
	struct vhost_call call;
	enum vhost_error error;
	enum clause clause;
} wrongs[] = {
	{NEW, {.request = VHOST_RESET_OWNER}, VHOST_EPERM, CLAUSE_VHOST_OWNER},
	{NEW,
	 {.request = VHOST_SET_MEM_TABLE, .count = 1, .region = &memory},
	 VHOST_EPERM,
	 CLAUSE_VHOST_OWNER},
	{NEW,
	 {.request = VHOST_SET_VRING_NUM, .value = 8},
	 VHOST_EPERM,
	 CLAUSE_VHOST_OWNER},
	{NEW,
	 {.request = VHOST_NET_SET_BACKEND},
	 VHOST_EPERM,
	 CLAUSE_VHOST_OWNER},
	{OWNED, {.request = VHOST_SET_OWNER}, VHOST_EBUSY, CLAUSE_VHOST_OWNER},
	{NEW,
	 {.request = VHOST_SET_FEATURES, .value = 0x100},
	 VHOST_EOPNOTSUPP,
	 CLAUSE_VHOST_FEATURES},
	{OWNED,
	 {.request = VHOST_SET_MEM_TABLE,
	  .count = 1,
	  .region = &memory,
	  .flags = 1},
	 VHOST_EOPNOTSUPP,
	 CLAUSE_VHOST_MEMORY},
	{OWNED,
	 {.request = VHOST_SET_MEM_TABLE, .count = VHOST_REGIONS + 1},
	 VHOST_E2BIG,
	 CLAUSE_VHOST_MEMORY},
	{OWNED,
	 {.request = VHOST_SET_MEM_TABLE, .count = 1, .region = &none},
	 VHOST_EFAULT,
	 CLAUSE_VHOST_MEMORY},
	{OWNED,
	 {.request = VHOST_SET_MEM_TABLE, .count = 1, .region = &around},
	 VHOST_EFAULT,
	 CLAUSE_VHOST_MEMORY},
	{BOUND,
	 {.request = VHOST_SET_MEM_TABLE, .count = 1, .region = &elsewhere},
	 VHOST_EFAULT,
	 CLAUSE_VHOST_MEMORY},
	{OWNED,
	 {.request = VHOST_SET_VRING_NUM, .index = 2, .value = 8},
	 VHOST_ENOBUFS,
	 CLAUSE_VHOST_ORDER},
	{OWNED,
	 {.request = VHOST_SET_VRING_NUM, .value = 0},
	 VHOST_EINVAL,
	 CLAUSE_SPLIT_SIZE},
	{OWNED,
	 {.request = VHOST_SET_VRING_NUM, .value = 12},
	 VHOST_EINVAL,
	 CLAUSE_SPLIT_SIZE},
	{OWNED,
	 {.request = VHOST_SET_VRING_NUM, .value = 65536},
	 VHOST_EINVAL,
	 CLAUSE_SPLIT_SIZE},
	{BOUND,
	 {.request = VHOST_SET_VRING_NUM, .index = 1, .value = 16},
	 VHOST_EBUSY,
	 CLAUSE_VHOST_BUSY},
	{OWNED,
	 {.request = VHOST_SET_VRING_BASE, .value = 65536},
	 VHOST_EINVAL,
	 CLAUSE_VHOST_BASE},
	{BOUND,
	 {.request = VHOST_SET_VRING_BASE, .index = 1, .value = 7},
	 VHOST_EBUSY,
	 CLAUSE_VHOST_BUSY},
	{OWNED,
	 {.request = VHOST_SET_VRING_ADDR, .area = {8, 0, 0, 0}},
	 VHOST_EINVAL,
	 CLAUSE_SPLIT_LAYOUT},
	{OWNED,
	 {.request = VHOST_SET_VRING_ADDR, .area = {16, 3, 0, 0}},
	 VHOST_EINVAL,
	 CLAUSE_SPLIT_LAYOUT},
	{OWNED,
	 {.request = VHOST_SET_VRING_ADDR, .area = {16, 2, 2, 0}},
	 VHOST_EINVAL,
	 CLAUSE_SPLIT_LAYOUT},
	{OWNED,
	 {.request = VHOST_SET_VRING_ADDR, .flags = 2},
	 VHOST_EOPNOTSUPP,
	 CLAUSE_VHOST_MEMORY},
	{BOUND,
	 {.request = VHOST_SET_VRING_ADDR, .index = 1, .area = {16, 2, 4, 0}},
	 VHOST_EINVAL,
	 CLAUSE_VHOST_MEMORY},
	{OWNED,
	 {.request = VHOST_SET_VRING_KICK, .file = CLOSED},
	 VHOST_EBADF,
	 CLAUSE_VHOST_FILE},
	{OWNED,
	 {.request = VHOST_SET_VRING_KICK, .file = TAP},
	 VHOST_EINVAL,
	 CLAUSE_VHOST_FILE},
	{OWNED,
	 {.request = VHOST_SET_VRING_CALL, .file = VHOST_FILES},
	 VHOST_EBADF,
	 CLAUSE_VHOST_FILE},
	{OWNED,
	 {.request = VHOST_NET_SET_BACKEND, .file = TAP},
	 VHOST_EFAULT,
	 CLAUSE_VHOST_ORDER},
	{READY,
	 {.request = VHOST_NET_SET_BACKEND, .index = 1, .file = CLOSED},
	 VHOST_EBADF,
	 CLAUSE_VHOST_FILE},
	{READY,
	 {.request = VHOST_NET_SET_BACKEND, .index = 1, .file = KICK},
	 VHOST_ENOTSOCK,
	 CLAUSE_VHOST_FILE},
};

static struct vhost_kernel kernel_at(struct served *s, enum stage stage)
{
	struct vhost_kernel v = kernel_new(s);

	if (stage == OWNED)
		GOOD(&v, .request = VHOST_SET_OWNER);
	if (stage >= READY)
		set_up(&v);
	if (stage == BOUND)
		GOOD(&v, .request = VHOST_NET_SET_BACKEND, .index = 1,
		     .file = TAP);
	return v;
}

/* Each has its name, and changes nothing. */
static void what_is_wrong_is_refused(void)
{
	for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
		const struct wrong *w = &wrongs[i];
		struct served s;
		struct vhost_kernel v = kernel_at(&s, w->stage), was = v;
		struct verdict why = {CLAUSE_NONE, ""};

		CU_ASSERT_EQUAL(vhost_kernel_call(&v, &w->call, NULL, &why),
				w->error);
		verdict_names("vhost_kernel", &why, w->clause);
		CU_ASSERT_EQUAL(memcmp(&v, &was, sizeof v), 0);
	}
}

/* Likewise where memory does not hold the ring, or who serves it cannot. */
static void a_ring_that_cannot_be_served(void)
{
	struct vhost_call c = {
		.request = VHOST_NET_SET_BACKEND, .index = 1, .file = TAP};
	struct served s;
	struct vhost_kernel v = kernel_at(&s, READY);
	struct verdict why = {CLAUSE_NONE, ""};

	s.cannot = true;
	CU_ASSERT_EQUAL(vhost_kernel_call(&v, &c, NULL, &why), VHOST_EFAULT);
	CU_ASSERT_EQUAL(why.broken, CLAUSE_SPLIT_REACH);
	s.cannot = false;
	GOOD(&v, .request = VHOST_SET_MEM_TABLE, .count = 1,
	     .region = &elsewhere);
	CU_ASSERT_EQUAL(vhost_kernel_call(&v, &c, NULL, &why), VHOST_EFAULT);
	verdict_names("vhost_kernel", &why, CLAUSE_VHOST_MEMORY);
	CU_ASSERT_FALSE(vhost_kernel_serves(&v, 1));
}

/* What the order above calls keeps each of the rules. */
static void rules_are_kept(void)
{
	struct served s;
	struct vhost_kernel v = kernel_at(&s, BOUND);

	for (int c = CLAUSE_VHOST_OWNER; c <= CLAUSE_VHOST_ORDER; c++)
		verdict_none("vhost_kernel", vhost_kernel_serves(&v, 1),
			     (enum clause)c);
}

static const struct unit_case cases[] = {
	{"rings go on where they stopped", rings_go_on_where_they_stopped},
	{"features are offered", features_are_offered},
	{"what is wrong is refused", what_is_wrong_is_refused},
	{"a ring that cannot be served", a_ring_that_cannot_be_served},
	{"rules are kept", rules_are_kept},
};

UNIT_MAIN("vhost_kernel", cases)
