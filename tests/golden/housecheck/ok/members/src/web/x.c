struct t { long time; };
long f(struct t *t)
{
    return t->time + (*t).time;
}
long g(struct t *o)
{
    return o->clock(1) + o->time(2);
}
