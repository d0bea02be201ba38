#include "html/html.h"
void f(void)
{
    text_get(c, a, "a.known", 0, 0, 0);
    text_get(c, a, name("not.a_key"), 0, 0, 0);
    text_has(key);
}
