#include "domain/tax.h"
