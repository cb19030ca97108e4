/// The colours of a terminal for the inks of a ``TextAttributes``.
struct Palette: Hashable, Sendable {
    /// What the terminal type describes. `COLORTERM=truecolor` adds nothing to it: curses has direct colours only
    /// with a type such as `xterm-direct`, and elsewhere only by redefining the user's own 256.
    enum Depth: Hashable, Sendable {
        case none
        case eight
        case sixteen
        case many
        case direct
    }

    let depth: Depth
    var theme: Theme

    /// `NO_COLOR` (https://no-color.org): present and not empty means that no colour may be added.
    init(colours: Int, theme: Theme, environment: [String: String]) {
        let isUnwanted = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        self.theme = theme
        depth =
            switch colours {
            case _ where isUnwanted: .none
            case ..<8: .none
            case ..<16: .eight
            case ..<256: .sixteen
            case ..<0x100_0000: .many
            default: .direct
            }
    }

    /// The terminal's default colours, where the theme does not leave them to the user.
    var defaults: (text: Int, background: Int)? {
        guard theme == .highContrast else { return nil }
        return switch depth {
        case .none: nil
        case .eight: (7, 0)
        case .sixteen: (15, 0)
        case .many: (231, 16)
        case .direct: (theme.text.value, theme.background.value)
        }
    }

    /// Dim is the fallback for grey; high contrast has neither.
    var dimsMuted: Bool { theme != .highContrast && colour(.muted) == nil }

    /// The colour's number in the terminal; nil where the ink is none.
    func colour(_ ink: TextAttributes.Color) -> Int? {
        switch depth {
        case .none: nil
        case .eight: eight(ink)
        case .sixteen: sixteen(ink)
        case .many: many(ink)
        case .direct: theme.color(ink).value
        }
    }

    private func eight(_ ink: TextAttributes.Color) -> Int? {
        switch (theme, ink) {
        // Yellow is hard to read on white, and so is cyan.
        case (.light, .accent), (.light, .data): 4
        case (.light, .warning): 5
        // Red is hard to read on black.
        case (.highContrast, .failure), (.highContrast, .data): nil
        case (_, .accent): 6
        case (_, .success): 2
        case (_, .warning): 3
        case (_, .failure): 1
        case (_, .muted): nil
        case (_, .data): 5
        }
    }

    /// The bright half of the colours on black, the dark half on white.
    private func sixteen(_ ink: TextAttributes.Color) -> Int? {
        switch (theme, ink) {
        case (.light, .muted): 8
        case (.light, _): eight(ink)
        case (_, .accent): 14
        case (_, .success): 10
        case (_, .warning): 11
        case (_, .failure): 9
        case (_, .muted): 7
        case (_, .data): 13
        }
    }

    /// From the 6×6×6 cube and the greys, which the user's own colour scheme does not change.
    private func many(_ ink: TextAttributes.Color) -> Int {
        switch theme {
        case .auto, .dark:
            switch ink {
            case .accent: 75
            case .success: 71
            case .warning: 179
            case .failure: 203
            case .muted: 247
            case .data: 141
            }
        case .light:
            switch ink {
            case .accent: 25
            case .success: 22
            case .warning: 94
            case .failure: 124
            case .muted: 241
            case .data: 54
            }
        case .highContrast:
            switch ink {
            case .accent: 117
            case .success: 120
            case .warning: 228
            case .failure: 210
            case .muted: 252
            case .data: 183
            }
        }
    }
}
