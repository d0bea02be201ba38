long f(void)
{
    return localtime_r(&t, &u);
}
