import Terminal

/// The cursor of a list that `/` filters as one types. It stays on its entry while the list changes around it.
struct FilterList<ID: Hashable & Sendable>: Equatable, Sendable {
    /// The selected entry; nil: the page's own choice, or in a filter the best match.
    private var focus: ID?
    private var filter: LineEditor?

    /// Whether letters are typed into the filter.
    var isOpen: Bool { filter != nil }

    /// Whether the entries are in the order of their match.
    var isSorted: Bool { filter?.text.isEmpty == false }

    /// The filter as it is shown; nil: it is closed.
    var label: String? { filter.map { "/\($0.text)" } }

    /// The keys while the filter is open.
    var hints: [KeyHint] { [KeyHint("Enter", "select"), KeyHint("Esc", "all")] }

    /// The entries in sight: all of them, or those that match, the best first.
    func shown<Entry>(of entries: [Entry], by name: (Entry) -> String) -> [Entry] {
        FuzzyMatch.filter(entries, by: filter?.text ?? "", name)
    }

    /// The cursor among the entries in sight.
    /// - Parameter usual: its entry until the user moves it; nil: the first one.
    func selection(in entries: [ID], usual: ID? = nil) -> ListSelection {
        let wanted = [focus, isSorted ? nil : usual].compactMap(\.self)
        let index = wanted.compactMap { entries.firstIndex(of: $0) }.first
        return ListSelection(count: entries.count, index: index ?? 0)
    }

    mutating func select(_ entry: ID) { focus = entry }

    mutating func close() { filter = nil }

    /// Moves the cursor, opens the filter, types into it, or closes it on the selected entry.
    /// - Returns: false: not a key of a list.
    @discardableResult
    mutating func handle(_ key: Key, in entries: [ID], usual: ID? = nil) -> Bool {
        var selection = selection(in: entries, usual: usual)
        if selection.handle(key) {
            focus = entries[selection.index]
            return true
        }
        guard var editor = filter else {
            guard key == .character("/") else { return false }
            filter = LineEditor()
            return true
        }
        if key == .enter || key == .escape {
            if entries.indices.contains(selection.index) { focus = entries[selection.index] }
            filter = nil
            return true
        }
        let before = editor.text
        guard editor.handle(key) else { return false }
        filter = editor
        // Another text has another best match.
        if editor.text != before { focus = nil }
        return true
    }
}
