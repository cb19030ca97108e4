/// The role of a text. The screen decides its appearance; no information may depend on it alone, since terminals may
/// have no colours and users may not see them.
public enum Style: Hashable, Sendable, CaseIterable {
    case plain
    /// The name of the page.
    case title
    /// A heading within a page, or a focused label.
    case heading
    /// Secondary text: explanations, lines, pending items.
    case muted
    /// Highlighted text: names, values, addresses.
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
    /// A key in a hint.
    case key
    /// What changes or deletes something in production.
    case danger
    /// The filled part of a progress bar.
    case bar
    case button
    /// The button that Enter presses.
    case focusedButton
    /// A value that was read, such as from the cluster. Its place tells what it is; the colour only helps to find it.
    case data
}

/// The appearance of a style with colours. One table for terminals and pictures.
struct TextAttributes: Hashable, Sendable {
    /// A colour by its use: terminals and pictures have different palettes.
    enum Color: Int, CaseIterable, Sendable {
        case accent = 1
        case success
        case warning
        case failure
        case muted
        case data
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
        case .danger: TextAttributes(ink: .failure, bold: true, reverse: true)
        case .bar: TextAttributes(ink: .accent)
        case .button: TextAttributes(ink: .accent, underline: true)
        case .focusedButton: TextAttributes(ink: .accent, bold: true, reverse: true)
        case .data: TextAttributes(ink: .data)
        }
    }
}
