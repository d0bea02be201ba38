#include "tpl/mail_order.h"
#include "kv/kv.h"
