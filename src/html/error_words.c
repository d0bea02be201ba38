#include "html/html.h"
#include "text.h"

/* One family of words per kind of refusal. */
void text_error_words(int status, int *ret_title, int *ret_text)
{
    static const struct {
        int status, title, text;
    } rows[] = {
        {401, TEXT_error__forbidden_title, TEXT_error__forbidden},
        {403, TEXT_error__forbidden_title, TEXT_error__forbidden},
        {404, TEXT_error__not_found_title, TEXT_error__not_found},
        {405, TEXT_error__method_title, TEXT_error__method},
        {409, TEXT_error__conflict_title, TEXT_error__conflict},
        {412, TEXT_error__conflict_title, TEXT_error__conflict},
        {429, TEXT_error__too_many_title, TEXT_error__too_many},
        {502, TEXT_error__unavailable_title, TEXT_error__unavailable},
        {503, TEXT_error__unavailable_title, TEXT_error__unavailable},
        {504, TEXT_error__unavailable_title, TEXT_error__unavailable},
    };
    *ret_title = status >= 500 ? TEXT_error__internal_title : TEXT_error__bad_request_title;
    *ret_text = status >= 500 ? TEXT_error__internal : TEXT_error__bad_request;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].status != status)
            continue;
        *ret_title = rows[i].title;
        *ret_text = rows[i].text;
    }
}
