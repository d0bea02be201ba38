float f(void);
