#include <stdbool.h>
typedef int number;
struct tag;
struct pair { int a; char *b; };
enum colour { RED, GREEN };
extern int elsewhere;
int prototype(int a);
static const struct { int n; char *name; } table[] = {{1, "a"}};
static const char *const names[] = {"a", "b"};
const struct pair pairs[2] = {{1, 0}};
static bool f(void)
{
    static const struct { const char *a; } local[] = {{"x"}};
    static const int k = 1;
    return local[0].a && k;
}
int g(void)
{
    return f();
}
