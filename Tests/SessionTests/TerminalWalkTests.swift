import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

/// The wizards in the windows of several terminals: by keys, every page has the recorded text; by mouse, it has the same
/// text and the same styles.
@Suite struct TerminalWalkTests {
    /// A window of a terminal.
    struct Window: CustomTestStringConvertible {
        let type: String
        let columns: Int
        let rows: Int

        var testDescription: String { "\(type) \(columns)×\(rows)" }

        /// Whether the terminal reports the mouse.
        fileprivate var hasMouse: Bool { !["linux", "vt100"].contains(type) }

        private static let sizes = [(60, 18), (80, 24), (100, 30), (140, 45)]

        static let all = [usual, "screen-256color", "tmux-256color", "linux", "vt100"].flatMap { type in
            sizes.map { Window(type: type, columns: $0.0, rows: $0.1) }
        }

        /// The type whose pages are recorded.
        fileprivate static let usual = "xterm-256color"

        fileprivate func open(_ walk: WizardWalk, on laptop: Laptop) throws -> PseudoTerminal {
            try laptop.open(
                walk.verb, "--dry-run", environment: ["TERM": type], columns: columns, rows: rows)
        }
    }

    private static let walks = WizardWalk.all.flatMap { walk in
        Window.all.map { ($0, walk) }
    }

    @Test(arguments: walks) func aWizardIsWalkedByKeysAndByMouse(window: Window, walk: WizardWalk)
        async throws
    {
        let record = WalkRecord(of: walk.name, columns: window.columns, rows: window.rows)
        let expected = WalkRecord.isUpdated ? nil : try record.pages(in: window.type)
        try #require((expected?.count ?? walk.stops.count) == walk.stops.count)
        let pages = try await walk.withLaptop { laptop -> [String] in
            let keys = try window.open(walk, on: laptop)
            let mouse = try window.hasMouse ? window.open(walk, on: laptop) : nil
            var seen: [String] = []
            var last: (page: String, shot: Screenshot)?
            for (index, stop) in walk.stops.enumerated() {
                if let last {
                    try await keys.proceed(from: last.page, to: stop)
                    try await mouse?.click(to: stop, on: last.shot)
                }
                let first = try await keys.shown(stop, as: expected?[index])
                // Styles are only complete once all of the page was drawn anew.
                let shot = try await mouse == nil ? first : keys.repaint(stop.page)
                #expect(shot.text == expected?[index] ?? shot.text, "\(stop.page)")
                seen.append(shot.text)
                try await mouse?.wait(for: "\(stop.page) as it is by keys:\n\(shot.text)\n") {
                    $0.looks(like: shot)
                }
                last = (page: stop.page, shot: shot)
                guard !stop.text.isEmpty else { continue }
                try await keys.type(stop.text)
                try await mouse?.type(stop.text)
                last = (page: stop.page, shot: try await mouse?.redrawn() ?? shot)
            }
            if let mouse {
                try await mouse.click("F1 help", on: mouse.redrawn())
                try await mouse.wait(for: " Keys ")
            }
            return seen
        }
        if WalkRecord.isUpdated, window.type == Window.usual { try record.write(pages) }
    }
}

extension Screenshot {
    /// Whether text and styles are the same; a cell that was never written looks like a space.
    fileprivate func looks(like other: Screenshot) -> Bool {
        text == other.text
            && zip(rows.joined(), other.rows.joined()).allSatisfy { $0 == $1 || $0.isBlank && $1.isBlank }
    }
}

extension Screenshot.Cell {
    fileprivate var isBlank: Bool { (text.isEmpty || text == " ") && !isReversed && !isUnderlined }
}

extension PseudoTerminal {
    /// - Parameter expected: the recorded page; nil: it is recorded now.
    fileprivate func shown(_ stop: WizardWalk.Stop, as expected: String?) throws -> Screenshot {
        guard let expected else { return try repaint(stop.page, with: stop.signs) }
        return try shown(stop.page, with: stop.signs, as: expected)
    }

    fileprivate func proceed(from page: String, to next: WizardWalk.Stop) throws {
        if let key = next.key { try type(key) } else { try proceed(from: page) }
    }

    /// Clicks on the last place of a settled screen that shows a text.
    fileprivate func click(_ text: String, on shot: Screenshot) throws {
        let place = try #require(shot.lastPlace(of: text), "\(text) on\n\(shot.text)")
        try click(column: place.column, row: place.row)
    }

    /// To the next page, by the widest target that the window has.
    /// - Parameter shot: the settled screen.
    fileprivate func click(to next: WizardWalk.Stop, on shot: Screenshot) throws {
        if let target = next.target { return try click(target, on: shot) }
        if shot.text.contains("Customize") { return try click("Customize", on: shot) }
        if let entry = shot.text.firstMatch(of: try Regex("[1-9] \(next.page) *│")) {
            return try click(String(shot.text[entry.range].prefix { $0 != "│" }), on: shot)
        }
        if shot.text.contains("Ctrl-N") { return try click("Ctrl-N", on: shot) }
        // The key bar of a narrow window has only Enter: from field to field, and from the last one to the next page.
        var shot = shot
        for _ in 0..<20 where !shot.isPage(next.page) {
            try click("Enter ", on: shot)
            shot = try redrawn()
        }
    }
}
