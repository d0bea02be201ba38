#include <fcgiapp.h>

#include "html/html.h"
#include "text.h"
