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
struct TextAttributes: Hashable, Sendable {
    /// A colour by its use: terminals and pictures have different ones to offer.
    enum Color: Int, CaseIterable, Sendable {
        case accent = 1
        case success
        case warning
        case failure
        case muted
    }

    var ink: Color?
    var bold = false
    var underline = false
    var reverse = false

    init(ink: Color? = nil, bold: Bool = false, underline: Bool = false, reverse: Bool = false) {
        self.ink = ink
        self.bold = bold
        self.underline = underline
        self.reverse = reverse
    }
}

extension Style {
    var look: TextAttributes {
        switch self {
        case .plain: TextAttributes()
        case .title: TextAttributes(ink: .accent, bold: true)
        case .heading: TextAttributes(bold: true)
        case .muted: TextAttributes(ink: .muted)
        case .accent: TextAttributes(ink: .accent)
        case .success: TextAttributes(ink: .success)
        case .warning: TextAttributes(ink: .warning, bold: true)
        case .failure: TextAttributes(ink: .failure, bold: true)
        case .selected: TextAttributes(reverse: true)
        case .field: TextAttributes(underline: true)
        case .focusedField: TextAttributes(ink: .accent, bold: true, underline: true)
        case .key: TextAttributes(bold: true)
        }
    }
}
