void f(void)
{
    text_get(c, a, "a.unknown", 0, 0, 0);
}
