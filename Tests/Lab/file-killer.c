// Ends a program at a change of a file, as `kill -9` would: right before the change, or in the middle of a write.
//
// To be loaded by LD_PRELOAD; the programs that this one starts do not load it.
//   FILE_KILLER_ROOT    only files below this folder count
//   FILE_KILLER_AT      the number of the change; 0: none
//   FILE_KILLER_REPORT  a file outside of the folder, which always has the last change: its number, the call, the path
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// The C library's own function of that name.
#define REAL(name)                                                     \
    static __typeof__(&name) real;                                     \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static char root[PATH_MAX];
static size_t root_length;
static long last;
static int report = -1;
static atomic_long count;

__attribute__((constructor)) static void start(void) {
    const char *folder = getenv("FILE_KILLER_ROOT"), *number = getenv("FILE_KILLER_AT"), *path = getenv("FILE_KILLER_REPORT");
    if (folder && path && strlen(folder) < sizeof root) {
        report = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        last = number ? atol(number) : 0;
        strcpy(root, folder);
        root_length = strlen(root);
    }
    const char *names[] = {"LD_PRELOAD", "FILE_KILLER_ROOT", "FILE_KILLER_AT", "FILE_KILLER_REPORT"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) unsetenv(names[i]);
}

static int counts(const char *path) {
    return root_length && path && !strncmp(path, root, root_length) && (!path[root_length] || path[root_length] == '/');
}

// Notes a change of a path; whether it is the one that does not happen.
static int is_last(const char *call, const char *path) {
    if (!counts(path)) return 0;
    long number = atomic_fetch_add(&count, 1) + 1;
    char line[PATH_MAX + 64];
    int length = snprintf(line, sizeof line, "%ld %s %s\n", number, call, path);
    syscall(SYS_ftruncate, report, 0);
    syscall(SYS_pwrite64, report, line, length, 0);
    return number == last;
}

static int is_last_of_file(const char *call, int file) {
    if (!root_length) return 0;
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_last(call, path);
}

static void end(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static int is_new(const char *path, int flags) {
    struct stat status;
    return (flags & O_TRUNC) || ((flags & O_CREAT) && lstat(path, &status));
}

#define OPEN(name)                                                     \
    int name(const char *path, int flags, ...) {                       \
        REAL(name);                                                    \
        va_list more;                                                  \
        va_start(more, flags);                                         \
        mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;      \
        va_end(more);                                                  \
        if (is_new(path, flags) && is_last(#name, path)) end();        \
        return real(path, flags, mode);                                \
    }
OPEN(open)
OPEN(open64)

ssize_t write(int file, const void *bytes, size_t size) {
    REAL(write);
    if (is_last_of_file("write", file)) {
        real(file, bytes, size / 2);
        end();
    }
    return real(file, bytes, size);
}

// What changes the file of a path, or of a descriptor.
#define OF_PATH(name, path, parameters, arguments)                     \
    int name parameters {                                              \
        REAL(name);                                                    \
        if (is_last(#name, path)) end();                               \
        return real arguments;                                         \
    }
#define OF_FILE(name, parameters, arguments)                           \
    int name parameters {                                              \
        REAL(name);                                                    \
        if (is_last_of_file(#name, file)) end();                       \
        return real arguments;                                         \
    }
OF_PATH(rename, to, (const char *from, const char *to), (from, to))
OF_PATH(renameat2, to, (int in, const char *from, int into, const char *to, unsigned flags), (in, from, into, to, flags))
OF_PATH(link, to, (const char *from, const char *to), (from, to))
OF_PATH(symlink, to, (const char *target, const char *to), (target, to))
OF_PATH(unlink, path, (const char *path), (path))
OF_PATH(mkdir, path, (const char *path, mode_t mode), (path, mode))
OF_PATH(rmdir, path, (const char *path), (path))
OF_PATH(chmod, path, (const char *path, mode_t mode), (path, mode))
OF_FILE(fchmod, (int file, mode_t mode), (file, mode))
OF_FILE(ftruncate, (int file, off_t length), (file, length))
