/* Inside json/ only: what the readers of pairs and of JSON share. */
#ifndef SOUK_JSON_FIELD_H
#define SOUK_JSON_FIELD_H

#include "json/shape.h"

static inline void *field_at(void *base, const struct shape_field *f) { return (char *)base + f->offset; }
static inline const void *field_at_const(const void *base, const struct shape_field *f) { return (const char *)base + f->offset; }

size_t field_size(enum shape_kind kind);                          /* of the C type */
void field_clear(const struct shape_field *f, void *base);        /* zero, then the default */
int64_t field_text_max(const struct shape_field *f);              /* code points */
int64_t field_list_max(const struct shape_field *f);

/* Checks one scalar given as text or as a number and stores it; a refusal is collected in `e` under `param`. */
bool field_take_text(const struct shape_field *f, enum shape_kind kind, struct str s, struct arena *a, void *dst, const char *param, struct err *e);
bool field_take_int(const struct shape_field *f, enum shape_kind kind, int64_t v, void *dst, const char *param, struct err *e);
bool field_money_ok(struct money m, const struct shape_field *f, const char *param, struct err *e);
bool field_is_email(struct str s);

#endif
