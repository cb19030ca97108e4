#include "internal.h"

#include <curses.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

int cn_input_descriptor = -1, cn_output_descriptor = -1;

static SCREEN *screen;
static FILE *input, *output;
static bool has_alternate_screen, reports_mouse;
static int default_foreground = -1, default_background = -1;

/* The maximum delay between the bytes of one key, in milliseconds. Curses waits a second by default, which makes
 * Esc seem broken; a tenth of a second is short for a user and long for a connection. */
static const int escape_patience = 100;

void cn_send(const char *text, unsigned long length)
{
    while (length > 0) {
        ssize_t sent = write(cn_output_descriptor, text, length);
        if (sent <= 0)
            return;
        text += sent;
        length -= (unsigned long)sent;
    }
}

const char *cn_capability(const char *name)
{
    const char *text = tigetstr(name);
    return text == (const char *)-1 ? NULL : text;
}

int cn_judge_type(const char *type)
{
    int outcome = 0;
    if (setupterm(type, STDOUT_FILENO, &outcome) != OK)
        return CN_UNKNOWN_TYPE;
    bool usable = cn_capability("cup");
    del_curterm(cur_term);
    return usable ? CN_USABLE : CN_NO_CURSOR_ADDRESSING;
}

bool cn_find_terminal(void)
{
    if (cn_input_descriptor >= 0)
        return true;
    int in = isatty(STDIN_FILENO) ? STDIN_FILENO : -1;
    int out = isatty(STDOUT_FILENO) ? STDOUT_FILENO : -1;
    if (in < 0 || out < 0) {
        int own = open("/dev/tty", O_RDWR | O_CLOEXEC);
        if (own < 0)
            return false;
        in = in < 0 ? own : in;
        out = out < 0 ? own : out;
    }
    cn_input_descriptor = in;
    cn_output_descriptor = out;
    return true;
}

/* Always after curses has set the terminal's modes: a program in the background is stopped there, and has written
 * nothing. */
static void modes_on(void)
{
    cn_send(CN_PASTE_ON, sizeof CN_PASTE_ON - 1);
    if (reports_mouse)
        cn_send(CN_MOUSE_ON, sizeof CN_MOUSE_ON - 1);
}

static void modes_off(void)
{
    if (reports_mouse)
        cn_send(CN_MOUSE_OFF, sizeof CN_MOUSE_OFF - 1);
    cn_send(CN_PASTE_OFF, sizeof CN_PASTE_OFF - 1);
}

static FILE *copy_of(int descriptor, const char *mode)
{
    int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    return copy < 0 ? NULL : fdopen(copy, mode);
}

static void release(void)
{
    if (input)
        fclose(input);
    if (output)
        fclose(output);
    input = output = NULL;
}

static bool take_over(const char *type)
{
    /* Duplicates, which newterm may buffer and release may close. */
    input = copy_of(cn_input_descriptor, "r");
    output = copy_of(cn_output_descriptor, "w");
    /* Before newterm, which does not change a signal that has a handler. */
    if (!input || !output || !cn_signals_on())
        return false;
    cn_remember_modes();
    screen = newterm(type, output, input);
    if (!screen)
        cn_signals_off();
    return screen;
}

bool cn_open(const char *type, const char *crash_note, bool mouse)
{
    static bool is_registered;
    if (screen || !cn_find_terminal())
        return false;
    if (!take_over(type)) {
        release();
        return false;
    }
    /* For a program that calls exit without closing the screen. */
    if (!is_registered)
        is_registered = atexit(cn_close) == 0;
    has_alternate_screen = cn_capability("rmcup");
    reports_mouse = mouse;
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    typeahead(-1); /* pending input does not interrupt the drawing of a frame */
    if (!getenv("ESCDELAY"))
        set_escdelay(escape_patience);
    cn_define_keys();
    if (has_colors() && start_color() == OK)
        assume_default_colors(default_foreground = -1, default_background = -1);
    cn_prepare_farewell(crash_note, mouse);
    cn_crash_on();
    modes_on();
    return true;
}

void cn_close(void)
{
    if (!screen)
        return;
    cn_suspend();
    delscreen(screen);
    screen = NULL;
    release();
}

void cn_suspend(void)
{
    /* Closed, or the program ended, while it was suspended. */
    if (isendwin())
        return;
    if (!has_alternate_screen) {
        /* In the user's colours: what is left on the screen stays. */
        assume_default_colors(-1, -1);
        erase();
        cn_forget();
        refresh();
    }
    curs_set(1);
    modes_off();
    endwin();
    cn_crash_off();
    cn_signals_off();
}

void cn_resume(void)
{
    cn_signals_on();
    cn_crash_on();
    refresh();
    modes_on();
    /* endwin has gone back to the user's colours, and refresh does not leave them before the next frame. */
    assume_default_colors(default_foreground, default_background);
    cn_forget();
}

void cn_recover(void)
{
    reset_prog_mode();
    modes_on();
    cn_forget();
}

void cn_measure(int *width, int *height)
{
    struct winsize size;
    if (ioctl(cn_output_descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0
        && is_term_resized(size.ws_row, size.ws_col)) {
        resizeterm(size.ws_row, size.ws_col);
        cn_forget(); /* terminals differ in how they resize existing lines */
    }
    getmaxyx(stdscr, *height, *width);
}

int cn_colours(void)
{
    return has_colors() ? COLORS : 0;
}

void cn_define_pen(int pen, int foreground, int background)
{
    if (pen >= COLOR_PAIRS)
        return;
#if defined(NCURSES_EXT_COLORS) && NCURSES_EXT_COLORS >= 20170401
    init_extended_pair(pen, foreground, background);
#else
    init_pair((short)pen, (short)foreground, (short)background);
#endif
}

void cn_define_defaults(int foreground, int background)
{
    default_foreground = foreground;
    default_background = background;
    assume_default_colors(foreground, background);
}

void cn_begin(void)
{
    attr_set(A_NORMAL, 0, NULL);
    erase();
}

void cn_put(int row, int column, const uint32_t *scalars, int count, int attributes, int pen)
{
    attr_t bits = A_NORMAL;
    if (attributes & CN_BOLD)
        bits |= A_BOLD;
    if (attributes & CN_DIM)
        bits |= A_DIM;
    if (attributes & CN_UNDERLINE)
        bits |= A_UNDERLINE;
    if (attributes & CN_REVERSE)
        bits |= A_REVERSE;
    attr_set(bits, (short)pen, NULL);
    /* ERR only means that the cursor cannot move beyond the last cell, which is drawn nevertheless. */
    mvaddnwstr(row, column, (const wchar_t *)scalars, count);
}

void cn_finish(int cursor_row, int cursor_column)
{
    curs_set(cursor_row >= 0 ? 1 : 0);
    if (cursor_row >= 0)
        move(cursor_row, cursor_column);
    else
        move(LINES - 1, COLS - 1);
    refresh();
}

void cn_forget(void)
{
    clearok(curscr, TRUE);
}
