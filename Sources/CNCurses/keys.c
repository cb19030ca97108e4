#include "internal.h"

#include <curses.h>
#include <term.h>

/* Private codes, outside the ranges of curses and of the terminal's extended keys. */
enum { word_left = 0x4001, word_right, paste_begins, paste_ends, mouse_begins };

/* The sequences that terminals send in practice, used where the terminal description has none: many emulators
 * identify as vt100 or linux and send xterm's codes. */
static const struct { const char *sent; int code; } usual[] = {
    {"\033[A", KEY_UP}, {"\033[B", KEY_DOWN}, {"\033[C", KEY_RIGHT}, {"\033[D", KEY_LEFT},
    {"\033OA", KEY_UP}, {"\033OB", KEY_DOWN}, {"\033OC", KEY_RIGHT}, {"\033OD", KEY_LEFT},
    {"\033[H", KEY_HOME}, {"\033[F", KEY_END}, {"\033OH", KEY_HOME}, {"\033OF", KEY_END},
    {"\033[1~", KEY_HOME}, {"\033[4~", KEY_END}, {"\033[7~", KEY_HOME}, {"\033[8~", KEY_END},
    {"\033[3~", KEY_DC}, {"\033[5~", KEY_PPAGE}, {"\033[6~", KEY_NPAGE},
    {"\033OP", KEY_F(1)}, {"\033OQ", KEY_F(2)}, {"\033OR", KEY_F(3)}, {"\033OS", KEY_F(4)},
    {"\033[11~", KEY_F(1)}, {"\033[12~", KEY_F(2)}, {"\033[13~", KEY_F(3)}, {"\033[14~", KEY_F(4)},
    {"\033[15~", KEY_F(5)}, {"\033[17~", KEY_F(6)}, {"\033[18~", KEY_F(7)}, {"\033[19~", KEY_F(8)},
    {"\033[20~", KEY_F(9)}, {"\033[21~", KEY_F(10)}, {"\033[23~", KEY_F(11)}, {"\033[24~", KEY_F(12)},
};

/* These have no name that all terminal descriptions share, so they override the description. */
static const struct { const char *sent; int code; } ours[] = {
    {"\033[1;5D", word_left}, {"\033[1;5C", word_right}, {"\033[1;3D", word_left}, {"\033[1;3C", word_right},
    {"\033[Z", KEY_BTAB}, {"\033[200~", paste_begins}, {"\033[201~", paste_ends},
    {"\033[<", mouse_begins},
};

void cn_define_keys(void)
{
    for (unsigned i = 0; i < sizeof usual / sizeof *usual; i++)
        if (key_defined(usual[i].sent) == 0)
            define_key(usual[i].sent, usual[i].code);
    for (unsigned i = 0; i < sizeof ours / sizeof *ours; i++)
        define_key(ours[i].sent, ours[i].code);
}

int cn_next_input(void)
{
    int code = getch();
    if (code == ERR)
        return -1;
    if (code >= 0 && code < 256)
        return code;
    if (code > KEY_F0 && code <= KEY_F(24))
        return CN_KEY_FUNCTION + (code - KEY_F0);
    switch (code) {
    case KEY_UP: return CN_KEY_UP;
    case KEY_DOWN: return CN_KEY_DOWN;
    case KEY_LEFT: return CN_KEY_LEFT;
    case KEY_RIGHT: return CN_KEY_RIGHT;
    case KEY_HOME: return CN_KEY_HOME;
    case KEY_END: return CN_KEY_END;
    case KEY_PPAGE: return CN_KEY_PAGE_UP;
    case KEY_NPAGE: return CN_KEY_PAGE_DOWN;
    case KEY_BACKSPACE: return CN_KEY_BACKSPACE;
    case KEY_DC: return CN_KEY_DELETE;
    case KEY_BTAB: return CN_KEY_BACK_TAB;
    case KEY_ENTER: return CN_KEY_ENTER;
    case KEY_SUSPEND: return 'Z' - '@'; /* the name of Ctrl-Z in the description of linux */
    case word_left: return CN_KEY_WORD_LEFT;
    case word_right: return CN_KEY_WORD_RIGHT;
    case paste_begins: return CN_KEY_PASTE_BEGINS;
    case paste_ends: return CN_KEY_PASTE_ENDS;
    case mouse_begins: return CN_KEY_MOUSE_BEGINS;
    default: return CN_KEY_OTHER; /* includes KEY_RESIZE, which cn_measure causes */
    }
}
