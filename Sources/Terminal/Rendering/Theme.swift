/// The colours for a background. Pages name roles (``Style``), never colours.
public enum Theme: String, CaseIterable, Sendable {
    /// As the terminal's background is, where the terminal tells it.
    case auto
    case dark
    case light
    /// White on black, whatever the terminal's own colours are.
    case highContrast = "high-contrast"

    /// The background that the inks are chosen for.
    var background: RGB {
        switch self {
        case .auto, .dark: RGB(0x14181F)
        case .light: RGB(0xFFFFFF)
        case .highContrast: RGB(0x000000)
        }
    }

    /// The colour of text without an ink.
    var text: RGB {
        switch self {
        case .auto, .dark: RGB(0xD8DEE6)
        case .light: RGB(0x1F2328)
        case .highContrast: RGB(0xFFFFFF)
        }
    }

    /// For pictures, and for terminals with direct colours.
    func color(_ ink: TextAttributes.Color) -> RGB {
        switch self {
        case .auto, .dark:
            switch ink {
            case .accent: RGB(0x5CB3FF)
            case .success: RGB(0x62C46F)
            case .warning: RGB(0xE0A458)
            case .failure: RGB(0xF0716A)
            case .muted: RGB(0x8B96A5)
            case .data: RGB(0xB8A1F5)
            }
        case .light:
            switch ink {
            case .accent: RGB(0x0A58B0)
            case .success: RGB(0x1A6B2A)
            case .warning: RGB(0x845300)
            case .failure: RGB(0xB3261E)
            case .muted: RGB(0x59636E)
            case .data: RGB(0x6B3FB8)
            }
        case .highContrast:
            switch ink {
            case .accent: RGB(0x8CD2FF)
            case .success: RGB(0x8CFF96)
            case .warning: RGB(0xFFE066)
            case .failure: RGB(0xFF9C96)
            case .muted: RGB(0xD0D0D0)
            case .data: RGB(0xD9C7FF)
            }
        }
    }
}

/// A colour of the sRGB space, with eight bits per component.
struct RGB: Hashable, Sendable {
    let value: Int

    init(_ value: Int) { self.value = value }

    private var components: (red: Int, green: Int, blue: Int) {
        (value >> 16 & 0xFF, value >> 8 & 0xFF, value & 0xFF)
    }

    /// As CSS and SVG write it.
    var hexadecimal: String {
        let digits = String(value, radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// Whether black text is easier to read on it than white, by the perceived brightness of ITU-R BT.601.
    var isLight: Bool {
        299 * components.red + 587 * components.green + 114 * components.blue >= 128_000
    }
}
