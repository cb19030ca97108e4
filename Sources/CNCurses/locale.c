#include "internal.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>

bool cn_use_locale(void)
{
    /* Only the character set: the formats of numbers and messages do not change. */
    if (!setlocale(LC_CTYPE, ""))
        setlocale(LC_CTYPE, "C.UTF-8");
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}
