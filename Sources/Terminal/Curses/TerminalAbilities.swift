/// What a terminal can do beyond its description, by the name of its type.
///
/// terminfo does not tell these reliably. Types that are not listed get nothing that could garble their screen.
struct TerminalAbilities: Hashable, Sendable {
    private let name: String
    /// Inside tmux, which understands these sequences whatever type it announces.
    private let isTmux: Bool

    init(environment: [String: String]) {
        name = environment["TERM"] ?? ""
        isTmux = !(environment["TMUX"] ?? "").isEmpty || name.hasPrefix("tmux")
    }

    /// The mouse as SGR reports (mode 1006).
    var reportsMouse: Bool { isTmux || isListed || name.hasPrefix("screen") }

    /// The clipboard (OSC 52). tmux forwards it if its `set-clipboard` allows; screen does not.
    var takesClipboard: Bool { isTmux || isListed }

    /// The question for the background (OSC 11). screen does not answer.
    var tellsBackground: Bool { isTmux || isListed }

    private var isListed: Bool { Self.emulators.contains { name.hasPrefix($0) } }

    private static let emulators = [
        "xterm", "rxvt", "alacritty", "foot", "kitty", "wezterm", "ghostty", "contour", "konsole", "vte",
        "gnome",
        "iterm", "mintty", "st-",
    ]
}
