#include "unit.h"

#include <unistd.h>

#include "base/log.h"

static void one_json_object_a_line(void **state)
{
    (void)state;
    int ends[2];
    char line[1024] = "";
    assert_int_equal(pipe(ends), 0);
    struct log *l = log_new(ends[1], LOG_INFO, "test");
    LOG(l, LOG_DEBUG, "hidden", LOGI("n", 1));
    LOG(l, LOG_WARN, "seen", LOGC("text", "a\"b\\c\n\x01"), LOGI("n", -5), LOGS("absent", STR_NULL), LOGC("broken", "\xFF"));
    ssize_t n = read(ends[0], line, sizeof line - 1);
    assert_true(n > 0);
    assert_non_null(strstr(line, "\"level\":\"warn\",\"component\":\"test\",\"event\":\"seen\",\"text\":\"a\\\"b\\\\c\\u000a\\u0001\",\"n\":-5,\"broken\":\"(not text)\"}\n"));
    assert_null(strstr(line, "hidden"));
    assert_null(strstr(line, "absent"));
    assert_int_equal(log_fd(l), ends[1]);
    log_destroy(l);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_json_object_a_line)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
