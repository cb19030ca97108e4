#include "internal.h"

#include <locale.h>
#include <pthread.h>
#include <wchar.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

static locale_t unicode;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void find_locale(void)
{
    static const char *const names[] = {"C.UTF-8", "UTF-8", "en_US.UTF-8"};
    for (unsigned i = 0; i < sizeof names / sizeof *names && !unicode; i++)
        unicode = newlocale(LC_CTYPE_MASK, names[i], (locale_t)0);
}

/* Uses a separate locale for this thread and this call: layout must not depend on whether, and in which
 * locale, a terminal has been opened. */
int cn_width(uint32_t scalar)
{
    if (scalar >= 0x20 && scalar < 0x7f)
        return 1;
    pthread_once(&once, find_locale);
    if (!unicode)
        return scalar < 0xa0 ? -1 : 1;
    locale_t before = uselocale(unicode);
    int width = wcwidth((wchar_t)scalar);
    uselocale(before);
    return width;
}
