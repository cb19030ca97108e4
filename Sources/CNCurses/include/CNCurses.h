/* A wrapper around curses.
 *
 * Swift cannot import `stdscr` (a mutable global) or macros with arguments, and WINDOW is a struct on some
 * systems and opaque on others. So this header exposes no type, constant or variable of curses. There is one
 * terminal at a time, which belongs to the process; all functions except cn_wake and cn_width must be
 * called from one thread. */
#ifndef CNCURSES_H
#define CNCURSES_H

#include <stdbool.h>
#include <stdint.h>

/* The width of a Unicode scalar in a UTF-8 terminal, in columns, regardless of the locale of this process: 0 for
 * a combining mark, 2 for most of CJK, -1 for a scalar that is not printable. Callable from any thread. */
int cn_width(uint32_t scalar);

/* Selects the user's character set, or C.UTF-8 where the configured locale is not installed (containers).
 * Returns whether it is UTF-8. */
bool cn_use_locale(void);

/* Whether a terminal type is usable. */
enum { CN_USABLE, CN_UNKNOWN_TYPE, CN_NO_CURSOR_ADDRESSING };
int cn_judge_type(const char *type);

/* Finds the terminal: standard input and output where they are a terminal, otherwise the controlling terminal,
 * so that standard output can be redirected to a file. */
bool cn_find_terminal(void);

/* Takes control of the terminal; false where that is impossible. `crash_note` is printed after a crash, and may be
 * NULL. With `mouse`, the terminal reports clicks and the wheel while it is open. */
bool cn_open(const char *type, const char *crash_note, bool mouse);
void cn_close(void);

/* Restores the terminal and the signal handlers temporarily: Ctrl-C then has its default effect. */
void cn_suspend(void);
void cn_resume(void);

/* Stops this process and its group, as the terminal's Ctrl-Z does, until the shell continues them; to be called
 * between cn_suspend and cn_resume. Without job control it has no effect. */
void cn_stop(void);

/* Takes control again after the process was stopped and continued by others, without cn_suspend. */
void cn_recover(void);

/* Writes the complete text to the terminal, past curses: for sequences that do not draw. Safe in a signal handler. */
void cn_send(const char *text, unsigned long length);

/* Appends standard error to this file (created with mode 0600) until it is restored: a stray line would garble
 * the screen, and the last output before a crash would be lost. */
bool cn_redirect_errors(const char *path);
void cn_restore_errors(void);

/* The current size, in cells, queried from the terminal. */
void cn_measure(int *width, int *height);

/* The number of colours, 0 for none. A pen is a foreground and a background colour, -1 for the user's default; pen 0
 * has the user's default colours until cn_define_defaults. What is drawn already takes a new colour of its pen at
 * the next cn_finish. */
int cn_colours(void);
void cn_define_pen(int pen, int foreground, int background);
void cn_define_defaults(int foreground, int background);

enum { CN_BOLD = 1, CN_DIM = 2, CN_UNDERLINE = 4, CN_REVERSE = 8 };

/* Drawing: begin with an empty screen, put all text, and finish; curses only sends the changes.
 * A row of -1 hides the cursor. */
void cn_begin(void);
void cn_put(int row, int column, const uint32_t *scalars, int count, int attributes, int pen);
void cn_finish(int cursor_row, int cursor_column);

/* Makes the next cn_finish redraw the complete screen. */
void cn_forget(void);

/* Waits for input, a wake, a signal, or until `milliseconds` have passed (-1: no timeout). Returns any of these
 * bits. */
enum { CN_INPUT = 1, CN_NOTICE = 2, CN_HANGUP = 4 };
int cn_wait(int milliseconds);

/* Interrupts cn_wait; callable from any thread, at any time, also when no terminal is open. */
void cn_wake(void);

/* The next notice: -1 for none, 0 for a wake, a CN_NOTICE_, or the number of a signal that ends the program. */
enum { CN_NOTICE_RESIZED = 0x1000, CN_NOTICE_STOP, CN_NOTICE_CONTINUED };
int cn_next_notice(void);

/* The next byte or key of the input: -1 for none, 0...255 for a byte, otherwise one of these. */
enum {
    CN_KEY_OTHER = 0x1000, CN_KEY_UP, CN_KEY_DOWN, CN_KEY_LEFT, CN_KEY_RIGHT, CN_KEY_HOME, CN_KEY_END,
    CN_KEY_PAGE_UP, CN_KEY_PAGE_DOWN, CN_KEY_BACKSPACE, CN_KEY_DELETE, CN_KEY_BACK_TAB, CN_KEY_ENTER,
    CN_KEY_WORD_LEFT, CN_KEY_WORD_RIGHT, CN_KEY_PASTE_BEGINS, CN_KEY_PASTE_ENDS,
    CN_KEY_MOUSE_BEGINS, /* the rest of the report follows as bytes */
    CN_KEY_FUNCTION /* + n */
};
int cn_next_input(void);

#endif
