long f(long net)
{
    return net * 1.19 + .5;
}
