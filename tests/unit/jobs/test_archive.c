/* A zip in memory: others can read it. */
#include "jobs/archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit.h"

static void unzip_reads_it(void **state)
{
    struct arena *a = arena_new();
    struct err e = {0};
    struct str zip;
    char path[] = "/tmp/souk-archive-XXXXXX", command[200], line[200];
    struct archive_file files[] = {{"data.json", STR("{\"name\":\"Zo\xc3\xab\"}")}, {"index.html", STR("<p>Hello</p>")}};
    (void)state;
    if (!archive_make(a, files, 2, 1767225600LL * USEC_PER_SEC, &zip, &e)) fail_msg("%s", e.cause);
    assert_memory_equal(zip.p, "PK", 2);
    FILE *f = fdopen(mkstemp(path), "w");
    assert_int_equal(fwrite(zip.p, 1, zip.n, f), zip.n);
    fclose(f);
    snprintf(command, sizeof command, "python3 -c 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), z.namelist(), z.read(\"data.json\").decode())' %s", path);
    f = popen(command, "r");
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f));
    pclose(f);
    unlink(path);
    assert_string_equal(line, "None ['data.json', 'index.html'] {\"name\":\"Zo\xc3\xab\"}\n");
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(unzip_reads_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
