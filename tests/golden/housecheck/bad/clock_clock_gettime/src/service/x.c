long f(void)
{
    return clock_gettime(0, &t);
}
