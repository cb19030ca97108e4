/* Curses at arm's length.
 *
 * Swift cannot import `stdscr` (a mutable global) or macros with arguments, and WINDOW is a struct on some
 * systems and opaque on others. So nothing of curses crosses this header: no type, no constant, no
 * variable. There is one terminal at a time, which is the process's own; all but cn_wake is for one thread
 * only. */
#ifndef CNCURSES_H
#define CNCURSES_H

#include <stdbool.h>
#include <stdint.h>

/* How many columns a Unicode scalar takes in a UTF-8 terminal, whatever the locale of this process: 0 for a
 * combining mark, 2 for most of CJK, -1 for what does not print. Any thread may ask. */
int cn_width(uint32_t scalar);

/* Adopts the user's character set, or plain UTF-8 where the named locale is not installed (containers).
 * True when it is UTF-8. */
bool cn_use_locale(void);

/* What a terminal type is good for. */
enum { CN_USABLE, CN_UNKNOWN_TYPE, CN_NO_CURSOR_ADDRESSING };
int cn_judge_type(const char *type);

/* Descriptors of the terminal: standard input and output where they are one, else the controlling terminal,
 * so that standard output may go into a file. */
bool cn_find_terminal(void);

/* Takes the terminal over; false when it cannot. `crash_note` is printed after a crash, and may be NULL. */
bool cn_open(const char *type, const char *crash_note);
void cn_close(void);

/* Gives the terminal back for a while, and with it the signals: Ctrl-C then does what it does everywhere. */
void cn_suspend(void);
void cn_resume(void);

/* Standard error goes to the end of this file (made with mode 0600) until it is restored: one stray line
 * would spoil the screen, and the last words of a crash would vanish with it. */
bool cn_redirect_errors(const char *path);
void cn_restore_errors(void);

/* The size now, in cells; asks the terminal again. */
void cn_measure(int *width, int *height);

/* How many colours there are, 0 for none. A pen is a foreground on the user's own background; pen 0 is the
 * user's own foreground too. */
int cn_colours(void);
void cn_define_pen(int pen, int colour);

enum { CN_BOLD = 1, CN_DIM = 2, CN_UNDERLINE = 4, CN_REVERSE = 8 };

/* Painting: begin with an empty screen, put what there is, and finish; curses sends what has changed.
 * A row of -1 hides the cursor. */
void cn_begin(void);
void cn_put(int row, int column, const uint32_t *scalars, int count, int attributes, int pen);
void cn_finish(int cursor_row, int cursor_column);

/* The next cn_finish paints everything anew. */
void cn_forget(void);

/* Waiting: for input, for a wake or a signal, for `milliseconds` (-1: for ever). Any of these bits. */
enum { CN_INPUT = 1, CN_NOTICE = 2, CN_HANGUP = 4 };
int cn_wait(int milliseconds);

/* Interrupts cn_wait; from any thread, at any time, also when no terminal is open. */
void cn_wake(void);

/* The next notice: -1 for none, 0 for a wake, else a signal (SIGWINCH, cn_resize_signal: a new size). */
int cn_next_notice(void);
int cn_resize_signal(void);

/* The next byte or key that was typed: -1 for none, 0...255 for a byte, else one of these. */
enum {
    CN_KEY_OTHER = 0x1000, CN_KEY_UP, CN_KEY_DOWN, CN_KEY_LEFT, CN_KEY_RIGHT, CN_KEY_HOME, CN_KEY_END,
    CN_KEY_PAGE_UP, CN_KEY_PAGE_DOWN, CN_KEY_BACKSPACE, CN_KEY_DELETE, CN_KEY_BACK_TAB, CN_KEY_ENTER,
    CN_KEY_WORD_LEFT, CN_KEY_WORD_RIGHT, CN_KEY_PASTE_BEGINS, CN_KEY_PASTE_ENDS,
    CN_KEY_FUNCTION /* + n */
};
int cn_next_input(void);

#endif
