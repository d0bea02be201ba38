/* Imports of files that stand in the test. */
#ifndef SOUK_TESTS_UNIT_SERVICE_IMPORTING_H
#define SOUK_TESTS_UNIT_SERVICE_IMPORTING_H

#include "service/import.h"
#include "shop.h"

struct import_result {
    struct import_report report;
    char notes[4000];              /* "line 3: bad row: too few fields\n" for each note */
};

/* Runs the import as souk_admin a second later than the one before; checks that every row has its outcome. */
bool import_bytes(struct shop *s, const struct import_options *o, const void *bytes, size_t n, struct import_result *ret, struct err *e);
/* The same for text that must be taken. */
struct import_result import_good(struct shop *s, const struct import_options *o, const char *text);

#define assert_outcome(r, which, n) assert_int_equal((r).report.outcomes[IMPORT_##which], n)
#define assert_note(r, text) do { if (!strstr((r).notes, (text))) fail_msg("no note '%s' in:\n%s", (text), (r).notes); } while (0)

#endif
