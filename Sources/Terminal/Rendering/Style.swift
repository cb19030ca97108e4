/// What a piece of text *is*. The screen decides how that looks; nothing may be told by the look alone, as a
/// terminal may have no colours and a reader may not see them.
public enum Style: Hashable, Sendable, CaseIterable {
    case plain
    /// The name of the page.
    case title
    /// A heading within a page, or a label that has the focus.
    case heading
    /// What may be skipped: explanations, lines, what is still to come.
    case muted
    /// What deserves a look: names, values, addresses.
    case accent
    case success
    case warning
    case failure
    /// The line of a list under the cursor.
    case selected
    /// Text that can be edited.
    case field
    /// Text that is being edited.
    case focusedField
    /// A key that can be pressed, in a hint.
    case key
}

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
