  #  include "kv/kv.h"
