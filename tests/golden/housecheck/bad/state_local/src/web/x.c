int f(void)
{
    static int calls;
    return ++calls;
}
