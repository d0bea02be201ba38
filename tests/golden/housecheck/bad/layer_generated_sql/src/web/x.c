#include "tpl/shop_cart.h"
