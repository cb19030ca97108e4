/// How a style looks where there are colours. One table for the terminal and for pictures.
struct Look: Hashable, Sendable {
    /// A colour by its use: terminals and pictures have different ones to offer.
    enum Ink: Int, CaseIterable, Sendable {
        case accent = 1
        case success
        case warning
        case failure
        case muted
    }

    var ink: Ink?
    var bold = false
    var underline = false
    var reverse = false

    init(ink: Ink? = nil, bold: Bool = false, underline: Bool = false, reverse: Bool = false) {
        self.ink = ink
        self.bold = bold
        self.underline = underline
        self.reverse = reverse
    }
}

extension Style {
    var look: Look {
        switch self {
        case .plain: Look()
        case .title: Look(ink: .accent, bold: true)
        case .heading: Look(bold: true)
        case .muted: Look(ink: .muted)
        case .accent: Look(ink: .accent)
        case .success: Look(ink: .success)
        case .warning: Look(ink: .warning, bold: true)
        case .failure: Look(ink: .failure, bold: true)
        case .selected: Look(reverse: true)
        case .field: Look(underline: true)
        case .focusedField: Look(ink: .accent, bold: true, underline: true)
        case .key: Look(bold: true)
        }
    }
}
