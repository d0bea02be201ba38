static const char *name;
