struct p { int x[3]; };
long f(const struct p *q, struct p r)
{
    return 1000000L + 0x1e5 + 0xE + q->x[1] + r.x[2] + 10u;      /* 1.5 and 1e6 in a comment, "2.5" in a text */
}
const char *const version = "1.1";
