#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

/* Created once and never closed: a wake or a signal may occur after the terminal was closed, and the
 * descriptor must not belong to another file then. */
static int notices[2] = {-1, -1};

/* SIGTSTP too: the handler of curses would leave the mouse and the paste marks on. */
static const int heard[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT};
enum { heard_count = sizeof heard / sizeof *heard };
static struct sigaction before[heard_count];

static void notice(int number)
{
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    /* A full pipe is sufficient: it wakes the waiting thread without another byte. */
    if (notices[1] >= 0 && write(notices[1], &byte, 1) < 0) { }
    errno = saved;
}

void cn_wake(void)
{
    notice(0);
}

static bool prepare(void)
{
    if (notices[0] >= 0)
        return true;
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFL, fcntl(ends[i], F_GETFL) | O_NONBLOCK);
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    }
    notices[0] = ends[0];
    notices[1] = ends[1];
    return true;
}

bool cn_signals_on(void)
{
    if (!prepare())
        return false;
    for (int i = 0; i < heard_count; i++) {
        struct sigaction action = {.sa_handler = notice, .sa_flags = SA_RESTART};
        sigfillset(&action.sa_mask);
        sigaction(heard[i], &action, &before[i]);
        /* Started with nohup: keep ignoring the signal. */
        if (before[i].sa_handler == SIG_IGN)
            sigaction(heard[i], &before[i], NULL);
    }
    return true;
}

void cn_signals_off(void)
{
    for (int i = 0; i < heard_count; i++)
        sigaction(heard[i], &before[i], NULL);
}

int cn_wait(int milliseconds)
{
    struct pollfd watched[2] = {
        {.fd = cn_input_descriptor, .events = POLLIN}, {.fd = notices[0], .events = POLLIN}};
    if (poll(watched, 2, milliseconds) <= 0)
        return 0;
    int found = 0;
    if (watched[0].revents & POLLIN)
        found |= CN_INPUT;
    if (watched[0].revents & (POLLHUP | POLLERR | POLLNVAL))
        found |= CN_HANGUP;
    if (watched[1].revents & POLLIN)
        found |= CN_NOTICE;
    return found;
}

int cn_next_notice(void)
{
    unsigned char byte;
    if (read(notices[0], &byte, 1) != 1)
        return -1;
    switch (byte) {
    case SIGWINCH: return CN_NOTICE_RESIZED;
    case SIGTSTP: return CN_NOTICE_STOP;
    case SIGCONT: return CN_NOTICE_CONTINUED;
    default: return byte;
    }
}

void cn_stop(void)
{
    struct sigaction own, ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGTSTP, &ignore, &own);
    if (own.sa_handler == SIG_IGN)
        return;
    /* The shell waits for the whole group, such as the make that started this program. Ignored here meanwhile, as
     * another thread could receive it after this one has gone on. */
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &own, NULL);
    raise(SIGTSTP);
}
