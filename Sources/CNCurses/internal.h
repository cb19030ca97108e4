/* What the files of this target share, and nobody else sees. */
#ifndef CN_INTERNAL_H
#define CN_INTERNAL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* wcwidth */
#endif
#define NCURSES_WIDECHAR 1          /* wide characters in Linux's curses */
#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1    /* and in that of macOS */
#endif

#include "CNCurses.h"

/* The terminal's descriptors; -1 before cn_find_terminal. */
extern int cn_input_descriptor, cn_output_descriptor;

/* Bracketed paste: the terminal marks pasted text, so that its newlines are not taken for Enter. */
#define CN_PASTE_ON "\033[?2004h"
#define CN_PASTE_OFF "\033[?2004l"

/* Writes all of it to the terminal, unbuffered. Safe in a signal handler. */
void cn_send(const char *text, unsigned long length);

/* A string of the terminal's description; NULL where it has none. */
const char *cn_capability(const char *name);

void cn_define_keys(void);
bool cn_signals_on(void);
void cn_signals_off(void);

/* Before newterm, which changes the modes of the line. */
void cn_remember_modes(void);

/* After newterm, which reads what the terminal can do. */
void cn_prepare_farewell(const char *note);
void cn_crash_on(void);
void cn_crash_off(void);

#endif
