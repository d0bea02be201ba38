long f(void)
{
    return mktime(&t);
}
