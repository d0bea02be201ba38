long f(void)
{
    return time(NULL);
}
