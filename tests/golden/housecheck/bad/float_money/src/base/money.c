extern double rate;
