#include "internal.h"

#include <fcntl.h>
#include <unistd.h>

static int kept = -1;

bool cn_redirect_errors(const char *path)
{
    if (kept >= 0)
        return true;
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0)
        return false;
    kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    dup2(file, STDERR_FILENO);
    close(file);
    return true;
}

void cn_restore_errors(void)
{
    if (kept < 0)
        return;
    dup2(kept, STDERR_FILENO);
    close(kept);
    kept = -1;
}
