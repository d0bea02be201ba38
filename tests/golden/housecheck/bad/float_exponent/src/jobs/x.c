const long million = 1e6;
