long clock_seconds(void);
