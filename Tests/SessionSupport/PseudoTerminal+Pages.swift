import PseudoTerminal

extension PseudoTerminal {
    /// Waits until a page is there, from its title to its last row.
    ///
    /// - Parameter text: what is on it, too.
    @discardableResult
    public func page(_ title: String, with text: String = "") throws -> Screenshot {
        try wait(for: "'\(text)' on the page \(title)") { $0.isPage(title) && $0.text.contains(text) }
    }

    /// Waits until a text is gone from the screen.
    @discardableResult
    public func wait(untilGone text: String) throws -> Screenshot {
        try wait(for: "'\(text)' to go") { !$0.text.contains(text) }
    }

    /// Puts a text in place of the one in the field.
    public func replace(with text: String) throws {
        try press(.control("a"), .control("k"))
        try type(text)
    }

    /// Goes from the start page to the page of that title, with all answers as they are.
    public func walk(to title: String) throws {
        for page in Self.titles {
            try self.page(page)
            guard page != title else { return }
            try press(.enter)
        }
    }

    /// Everything on the way to the run.
    public static let titles = [
        "BuildKit for your team", "Checks", "Address", "Certificates", "Namespace and release", "Builder",
        "Registration", "Review",
    ]

    /// Waits until a page is there and nothing is about to change on it, has all of it painted anew over something
    /// that another program wrote, and gives that picture.
    public func repaint(_ title: String) throws -> Screenshot {
        try wait(for: "all of the page \(title)") { $0.isPage(title) && $0.isSettled }
        try writeAsAnotherProgram("\u{1B}[2;2Hstray")
        try wait(for: "stray")
        try press(.control("l"))
        // Settled before may have been the page before this one, half painted over.
        return try wait(for: "the page \(title) anew") {
            $0.isPage(title) && $0.isSettled && !$0.text.contains("stray")
        }
    }
}

extension PseudoTerminal {
    /// From the checks to the review, and back: each page is painted at once on the way there, and must look the same
    /// when it is painted bit by bit on the way back.
    public func walkThereAndBack(_ look: @Sendable (_ title: String, _ shot: Screenshot) -> Void) throws {
        var seen: [(title: String, shot: Screenshot)] = []
        for title in Self.titles.dropFirst() {
            if !seen.isEmpty { try press(.enter) }
            let shot = try repaint(title)
            look(title, shot)
            seen.append((title, shot))
        }
        for (title, shot) in seen.dropLast().reversed() {
            try press(.escape)
            try wait(for: "\(title) as it was:\n\(shot.text)\n") { $0.text == shot.text }
        }
    }
}

extension Screenshot {
    /// Whether there is a rule below the title and one above the keys, from edge to edge.
    public var hasFrame: Bool {
        [1, rows.count - 2].allSatisfy { row in
            rows[row].allSatisfy { ["─", "-"].contains($0.text) }
        }
    }

    /// Whether all has been looked up, in sight or not: the checks in sight, the counts of all checks and the review
    /// say so.
    fileprivate var isSettled: Bool {
        let text = text.lowercased()
        return ["looking", "to come"].allSatisfy { !text.contains($0) }
    }

    public func isPage(_ title: String) -> Bool {
        text(row: 0).drop { $0 == " " }.hasPrefix(title) && text(row: rows.count - 1).hasSuffix("F1 help")
    }
}
