long f(void)
{
    return gettimeofday(&t, NULL);
}
