void f(void)
{
    double x = 1;
}
