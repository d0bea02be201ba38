int f(double price);
