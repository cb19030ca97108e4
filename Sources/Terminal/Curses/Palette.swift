/// What a terminal has to offer for the inks of a ``TextAttributes``.
enum Palette: Sendable {
    case none
    case eight
    case many

    /// `NO_COLOR` (https://no-color.org): present and not empty means that no colour may be added.
    init(colours: Int, environment: [String: String]) {
        let isUnwanted = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        self = isUnwanted || colours < 8 ? .none : colours < 256 ? .eight : .many
    }

    /// The colour's number in the terminal; nil where the ink is none.
    func colour(_ ink: TextAttributes.Color) -> Int? {
        switch self {
        case .none: nil
        case .eight:
            switch ink {
            case .accent: 6
            case .success: 2
            case .warning: 3
            case .failure: 1
            case .muted: nil
            }
        case .many:
            // Of the 6×6×6 cube, which no theme changes: a contrast of about 4 to 1 with black and with
            // white, as nobody can tell what the background is.
            switch ink {
            case .accent: 32
            case .success: 28
            case .warning: 130
            case .failure: 160
            case .muted: 243
            }
        }
    }
}
