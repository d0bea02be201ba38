const char *const q = "SEL" "ECT"
    " a FROM b";
