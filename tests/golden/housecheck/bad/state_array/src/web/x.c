int f(void)
{
    return 1;
}
static char cache[100];
