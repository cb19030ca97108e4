/* Linked into the static program only. A static C library still wants to load shared parts of the machine's own one: for
 * name services and for character sets. Those belong to another version of it on another distribution, and the program
 * would crash in them. So it does here what programs in Go do: names come from /etc/hosts and from DNS. */
#include <netdb.h>
#include <locale.h>
#include <nss.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

__attribute__((constructor)) static void use_own_name_services(void) {
    __nss_configure_lookup("hosts", "files dns");
    __nss_configure_lookup("passwd", "files");
    __nss_configure_lookup("group", "files");
}

/* Where systemd answers for localhost, /etc/hosts may be empty. */
int __real_getaddrinfo(const char *, const char *, const struct addrinfo *, struct addrinfo **);
int __wrap_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    int error = __real_getaddrinfo(node, service, hints, found);
    if (error && node && strcasecmp(node, "localhost") == 0)
        error = __real_getaddrinfo("127.0.0.1", service, hints, found);
    return error;
}

/* What starts a static program registers its unwinding tables, and the first unwinding sorts all of them: 25 ms, at every
 * start. Unregistered, they are found by the sorted index that the linker has made of them (PT_GNU_EH_FRAME). */
void __wrap___register_frame_info(const void *begin, void *object) {}
void *__wrap___deregister_frame_info(const void *begin) { return NULL; }

static const char *first_set(const char *a, const char *b, const char *c) {
    const char *names[] = {a, b, c};
    for (int i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);
        if (value && *value) return value;
    }
    return "C";
}

/* UTF-8 is built in; tables of other character sets are among the parts that cannot be loaded: plain ASCII then. */
char *__real_setlocale(int, const char *);
char *__wrap_setlocale(int category, const char *name) {
    if (name && !*name) {
        name = first_set("LC_ALL", "LC_CTYPE", "LANG");
        const char *set = strrchr(name, '.');
        if (!set || (strncasecmp(set, ".utf-8", 6) && strncasecmp(set, ".utf8", 5))) name = "C";
    }
    return __real_setlocale(category, name);
}
