#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

/* Made once and never closed: a task may wake, or a signal arrive, after the terminal is gone, and the
 * descriptor must not belong to another file by then. */
static int notices[2] = {-1, -1};

static const int heard[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT};
enum { heard_count = sizeof heard / sizeof *heard };
static struct sigaction before[heard_count];

static void notice(int number)
{
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    /* A full pipe is as good as one more byte: whoever waits is awake. */
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
        /* Started under nohup: stay deaf. */
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
    return read(notices[0], &byte, 1) == 1 ? byte : -1;
}

int cn_resize_signal(void)
{
    return SIGWINCH;
}
