/* Every status of an error page has a title and a text. */
#include "unit.h"

#include "html/html.h"
#include "text.h"

static void test_errors(void **state)
{
    (void)state;
    const struct text_catalog *en = text_catalog(STR("en"));
    for (int status = 400; status < 600; status++) {
        int title = TEXT_NONE, text = TEXT_NONE;
        text_error_words(status, &title, &text);
        assert_true(text_of(en, title).n > 0 && text_of(en, text).n > 0 && title != text);
        assert_int_equal(title == TEXT_error__not_found_title, status == 404);
        if (status >= 500)
            assert_true(title == TEXT_error__internal_title || title == TEXT_error__unavailable_title);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_errors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
