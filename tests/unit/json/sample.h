/* One struct with a field of every kind, shared by the tests of json/. */
#ifndef SOUK_TESTS_JSON_SAMPLE_H
#define SOUK_TESTS_JSON_SAMPLE_H

#include "json/shape.h"

struct sample_part {
    struct str city;
    int64_t floor;
};
static const struct shape_field sample_part_fields[] = {
    {"city", SHAPE_STR, offsetof(struct sample_part, city), .required = true, .max = 10, .doc = "Where"},
    {"floor", SHAPE_INT, offsetof(struct sample_part, floor), .def = 2},
    {NULL}};
static const struct shape sample_part = {"SamplePart", sample_part_fields, sizeof(struct sample_part)};

static const char *const sample_colors[] = {"red", "blue", NULL};

struct sample {
    struct str name, note, color, email, raw, from_query, from_path;
    int64_t count;
    struct opt_int64 limit;
    bool flag;
    struct opt_bool maybe;
    struct money price;
    usec_t at;
    struct product_id product;
    struct sample_part *part;
    struct shape_list parts, words, numbers, ids;
};
static const struct shape_field sample_fields[] = {
    {"name", SHAPE_STR, offsetof(struct sample, name), .required = true, .min = 2, .max = 5, .doc = "A name", .example = "Ada"},
    {"note", SHAPE_TEXT, offsetof(struct sample, note), .nullable = true},
    {"color", SHAPE_ENUM, offsetof(struct sample, color), .values = sample_colors},
    {"email", SHAPE_EMAIL, offsetof(struct sample, email)},
    {"count", SHAPE_INT, offsetof(struct sample, count), .min = 1, .max = 9, .def = 3},
    {"limit", SHAPE_OPT_INT, offsetof(struct sample, limit)},
    {"flag", SHAPE_BOOL, offsetof(struct sample, flag), .def = 1},
    {"maybe", SHAPE_OPT_BOOL, offsetof(struct sample, maybe)},
    {"price", SHAPE_MONEY, offsetof(struct sample, price), .nullable = true},
    {"at", SHAPE_TIME, offsetof(struct sample, at)},
    {"product_id", SHAPE_ID, offsetof(struct sample, product), .id = ID_product},
    {"part", SHAPE_OBJECT, offsetof(struct sample, part), .sub = &sample_part},
    {"parts", SHAPE_LIST, offsetof(struct sample, parts), .sub = &sample_part, .max = 2},
    {"words", SHAPE_LIST, offsetof(struct sample, words), .item = SHAPE_STR, .max = 3},
    {"numbers", SHAPE_LIST, offsetof(struct sample, numbers), .item = SHAPE_INT},
    {"ids", SHAPE_LIST, offsetof(struct sample, ids), .item = SHAPE_ID, .id = ID_variant},
    {"q", SHAPE_STR, offsetof(struct sample, from_query), .in = SHAPE_QUERY},
    {"slug", SHAPE_STR, offsetof(struct sample, from_path), .in = SHAPE_PATH, .required = true},
    {NULL}};
static const struct shape sample = {"Sample", sample_fields, sizeof(struct sample)};

static inline enum problem sample_problem(const struct err *e, const char *param)
{
    for (size_t i = 0; i < e->n_fields; i++) {
        if (strcmp(e->fields[i].param, param) == 0)
            return e->fields[i].problem;
    }
    return PROBLEM_NONE;
}

#endif
