void f(void)
{
    clock();
}
