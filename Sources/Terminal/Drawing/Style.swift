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
