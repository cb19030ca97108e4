import PseudoTerminal

extension PseudoTerminal {
    /// Waits until a page is shown, from its title to its last row.
    ///
    /// - Parameter text: a text that must also be on it.
    @discardableResult
    public func page(_ title: String, with text: String = "") throws -> Screenshot {
        try wait(for: "'\(text)' on the page \(title)") { $0.isPage(title) && $0.text.contains(text) }
    }

    /// Waits until a text is no longer on the screen.
    @discardableResult
    public func wait(untilGone text: String) throws -> Screenshot {
        try wait(for: "'\(text)' to go") { !$0.text.contains(text) }
    }

    /// Replaces the text in the field.
    public func replace(with text: String) throws {
        try press(.control("a"), .control("k"))
        try type(text)
    }

    /// Goes from the start page to the page with that title, without changing an answer.
    public func walk(to title: String) throws {
        for page in Self.titles {
            try self.page(page)
            guard page != title else { return }
            try proceed(from: page)
        }
    }

    /// From a page to the next one, with the current answers.
    public func proceed(from page: String) throws {
        switch page {
        case "BuildKit installer": try press(.enter)
        case _ where Self.proposals.contains(page): try type("c")
        default: try press(.control("n"))
        }
    }

    /// The pages with the proposed run on a card.
    private static let proposals: Set = [
        "Install BuildKit", "Rotate certificates", "Uninstall BuildKit", "Scale BuildKit to zero",
        "Wake BuildKit", "Add a client", "Renew a client", "Revoke a client",
    ]

    /// All pages before the run.
    public static let titles = [
        "BuildKit installer", "Install BuildKit", "Checks", "Address", "Certificates",
        "Namespace and release", "Builder",
        "Registration", "Review",
    ]

    /// Waits until a page is shown and settled, makes the program redraw it over the output of another program, and
    /// returns that picture.
    /// - Parameter texts: what it has once all that it shows is known.
    public func repaint(_ title: String, with texts: [String] = []) throws -> Screenshot {
        try wait(for: "all of the page \(title)") { $0.isWhole(title, texts) }
        try writeAsAnotherProgram("\u{1B}[2;2Hstray")
        // What was settled may have been the previous page, partly redrawn.
        _ = try redrawn()
        return try wait(for: "the page \(title) anew") {
            $0.isPage(title) && $0.isSettled && !$0.text.contains("stray")
        }
    }

    /// Waits until a page is shown as it is expected, or settled as something else, which is then redrawn.
    public func shown(_ title: String, with texts: [String], as expected: String) throws -> Screenshot {
        let shot = try wait(for: "the page \(title)") { $0.text == expected || $0.isWhole(title, texts) }
        return shot.text == expected ? shot : try repaint(title, with: texts)
    }

    /// Makes the program draw all of the page anew: what it shows after everything that was typed and clicked before.
    public func redrawn() throws -> Screenshot {
        let before = output.count
        try press(.control("l"))
        try waitUntilCleared(after: before)
        return try wait(for: "the last row") { $0.text(row: $0.rows.count - 1).hasSuffix("F1 help") }
    }
}

extension PseudoTerminal {
    /// From the checks to the review, and back: each page is drawn completely on the way there, and must look the
    /// same when it is drawn incrementally on the way back.
    public func walkThereAndBack(_ look: @Sendable (_ title: String, _ shot: Screenshot) -> Void) throws {
        var seen: [(title: String, shot: Screenshot)] = []
        for title in Self.titles.dropFirst() {
            if let last = seen.last { try proceed(from: last.title) }
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
    /// Whether there is a rule below the title and one above the keys, over the whole width.
    public var hasFrame: Bool {
        func isRule(_ cells: some Sequence<Screenshot.Cell>) -> Bool {
            cells.allSatisfy { ["─", "-"].contains($0.text) }
        }
        let lower = rows[rows.count - 2]
        return isRule(rows[1]) && isRule(lower.prefix(2)) && isRule(lower.suffix(1))
    }

    /// Whether all queries are complete: shown by the visible checks, the counts of all checks and the review.
    fileprivate var isSettled: Bool {
        let text = text.lowercased()
        return ["checking", "checks still running"].allSatisfy { !text.contains($0) }
            && !text.contains(/[0-9] pending/)
    }

    fileprivate func isWhole(_ title: String, _ texts: [String]) -> Bool {
        isPage(title) && isSettled && texts.allSatisfy(text.contains)
    }

    public func isPage(_ title: String) -> Bool {
        let header = text(row: 0).drop { $0 == " " }
        // What follows a title is apart from it: Clients is not the page Client.
        return header.hasPrefix(title) && header.dropFirst(title.count).prefix(2).allSatisfy { $0 == " " }
            && text(row: rows.count - 1).hasSuffix("F1 help")
    }
}
