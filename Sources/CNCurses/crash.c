#include "internal.h"

#include <curses.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* A crash skips every `defer`. The sequence that restores the terminal is prepared in advance, so that the
 * handler only needs write and tcsetattr. */
static char farewell[1024];
static unsigned long farewell_length;
static struct termios modes;
static bool modes_known;

static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};
enum { fatal_count = sizeof fatal / sizeof *fatal };
static struct sigaction before[fatal_count];

static void append(const char *text)
{
    while (*text && farewell_length < sizeof farewell - 1) {
        /* "$<5>" is a delay for obsolete hardware. */
        if (text[0] == '$' && text[1] == '<') {
            const char *end = strchr(text, '>');
            if (end) {
                text = end + 1;
                continue;
            }
        }
        farewell[farewell_length++] = *text++;
    }
}

static bool append_capability(const char *name)
{
    const char *text = cn_capability(name);
    if (text)
        append(text);
    return text;
}

static void on_crash(int number)
{
    cn_send(farewell, farewell_length);
    if (modes_known)
        tcsetattr(cn_input_descriptor, TCSANOW, &modes);
    cn_crash_off();
    /* The previous handler now handles the signal: the default action, or a backtrace. */
    raise(number);
}

void cn_remember_modes(void)
{
    modes_known = tcgetattr(cn_input_descriptor, &modes) == 0;
}

void cn_prepare_farewell(const char *note, bool mouse)
{
    farewell_length = 0;
    if (mouse)
        append(CN_MOUSE_OFF);
    append(CN_PASTE_OFF);
    append_capability("rmkx");
    append_capability("sgr0");
    append_capability("op");
    append_capability("cnorm");
    if (!append_capability("rmcup"))
        append_capability("clear");
    if (note) {
        append("\r");
        append(note);
        append("\r\n");
    }
}

void cn_crash_on(void)
{
    static char spare[65536];
    stack_t stack = {.ss_sp = spare, .ss_size = sizeof spare};
    sigaltstack(&stack, NULL);
    for (int i = 0; i < fatal_count; i++) {
        struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK | SA_NODEFER};
        sigemptyset(&action.sa_mask);
        sigaction(fatal[i], &action, &before[i]);
    }
}

void cn_crash_off(void)
{
    for (int i = 0; i < fatal_count; i++)
        sigaction(fatal[i], &before[i], NULL);
}
