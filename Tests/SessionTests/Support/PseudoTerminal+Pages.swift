import PseudoTerminal

extension PseudoTerminal {
    /// Waits until a page is there, from its title to its last row.
    ///
    /// - Parameter text: what is on it, too.
    @discardableResult
    func page(_ title: String, with text: String = "") throws -> Screenshot {
        try wait(for: "'\(text)' on the page \(title)") { $0.isPage(title) && $0.text.contains(text) }
    }

    /// Waits until a text is gone from the screen.
    @discardableResult
    func wait(untilGone text: String) throws -> Screenshot {
        try wait(for: "'\(text)' to go") { !$0.text.contains(text) }
    }

    /// Puts a text in place of the one in the field.
    func replace(with text: String) throws {
        try press(.control("a"), .control("k"))
        try type(text)
    }

    /// Goes from the start page to the form page of that title, with all answers as they are.
    func walk(to title: String) throws {
        try page("BuildKit for your team")
        for (page, next) in zip(Self.titles, Self.titles.dropFirst()) where page != title {
            try press(page == "Checks" || page == "BuildKit for your team" ? .enter : .control("n"))
            try self.page(next)
            if next == title { return }
        }
    }

    /// Everything on the way to the run.
    static let titles = [
        "BuildKit for your team", "Checks", "Address", "Certificates", "Namespace and release", "Builder",
        "Registration", "Review",
    ]

    /// Has all painted anew, over something that another program wrote, and gives that picture.
    func redraw() throws -> Screenshot {
        try writeAsAnotherProgram("\u{1B}[2;2Hstray")
        try wait(for: "stray")
        try press(.control("l"))
        return try wait(untilGone: "stray")
    }
}

extension Screenshot {
    func isPage(_ title: String) -> Bool {
        text(row: 0).drop { $0 == " " }.hasPrefix(title) && text(row: rows.count - 1).hasSuffix("F1 help")
    }
}
