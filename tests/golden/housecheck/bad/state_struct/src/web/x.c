static struct { int n; } state;
