/* Declarations shared by the files of this target only. */
#ifndef CN_INTERNAL_H
#define CN_INTERNAL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* wcwidth */
#endif
#define NCURSES_WIDECHAR 1          /* wide characters in Linux's curses */
#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1    /* and in the curses of macOS */
#endif

#include "CNCurses.h"

/* The terminal's descriptors; -1 before cn_find_terminal. */
extern int cn_input_descriptor, cn_output_descriptor;

/* Bracketed paste: the terminal marks pasted text, so that its newlines are not treated as Enter. */
#define CN_PASTE_ON "\033[?2004h"
#define CN_PASTE_OFF "\033[?2004l"

/* Reports of buttons and wheel (1000), in a form without limits that cannot be mistaken for text (1006). */
#define CN_MOUSE_ON "\033[?1000h\033[?1006h"
#define CN_MOUSE_OFF "\033[?1006l\033[?1000l"

/* A string capability of the terminal description; NULL where it is missing. */
const char *cn_capability(const char *name);

void cn_define_keys(void);
bool cn_signals_on(void);
void cn_signals_off(void);

/* To be called before newterm, which changes the terminal modes. */
void cn_remember_modes(void);

/* To be called after newterm, which reads the terminal capabilities. */
void cn_prepare_farewell(const char *note, bool mouse);
void cn_crash_on(void);
void cn_crash_off(void);

#endif
