import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

/// The wizards by mouse: every page has the text and the styles that it has by keys.
@Suite struct MouseWalkTests {
    /// A window of a terminal that reports the mouse.
    struct Window: CustomTestStringConvertible {
        let type: String
        let columns: Int
        let rows: Int

        var testDescription: String { "\(type) \(columns)×\(rows)" }

        static let all = ["xterm-256color", "screen-256color", "tmux-256color"].flatMap { type in
            [(60, 18), (80, 24), (100, 30), (140, 45)].map {
                Window(type: type, columns: $0.0, rows: $0.1)
            }
        }

        func open(_ verb: String, on laptop: Laptop) throws -> PseudoTerminal {
            try laptop.open(
                verb, "--dry-run", environment: ["TERM": type], columns: columns, rows: rows)
        }
    }

    /// The pages of each wizard, to the review.
    private static let wizards = [
        ("install", Array(PseudoTerminal.titles.dropFirst())),
        (
            "rotate",
            ["Rotate certificates", "Checks", "Installation", "Current certificates", "Rotation", "Review"]
        ),
        ("uninstall", ["Uninstall BuildKit", "Checks", "Installation", "Components", "Review"]),
    ]

    @Test(arguments: Window.all) func everyWizardIsWalkedByMouse(_ window: Window) async throws {
        try await withBareLaptop { laptop in
            for (verb, pages) in Self.wizards {
                let (keys, mouse) = (try window.open(verb, on: laptop), try window.open(verb, on: laptop))
                var last: String?
                for page in pages {
                    if let last {
                        try await keys.proceed(from: last)
                        try await mouse.click(from: last, to: page)
                    }
                    let expected = try await keys.repaint(page)
                    try await mouse.wait(for: "\(page) of \(verb) as it is by keys:\n\(expected.text)\n") {
                        $0.looks(like: expected)
                    }
                    last = page
                }
                try await mouse.click("F1 help", on: mouse.redrawn())
                try await mouse.wait(for: " Keys ")
            }
        }
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
    /// Clicks on the last place of a settled screen that shows a text, and returns what becomes of it.
    @discardableResult
    fileprivate func click(_ text: String, on shot: Screenshot) throws -> Screenshot {
        let place = try #require(shot.lastPlace(of: text), "\(text) on\n\(shot.text)")
        try click(column: place.column, row: place.row)
        return try redrawn()
    }

    /// From a page to the next one, by the widest target that the window has.
    fileprivate func click(from page: String, to next: String) throws {
        var shot = try redrawn()
        if shot.text.contains("Customize") { return _ = try click("Customize", on: shot) }
        if let entry = shot.text.firstMatch(of: try Regex("[1-9] \(next) *│")) {
            return _ = try click(String(shot.text[entry.range].prefix { $0 != "│" }), on: shot)
        }
        if shot.text.contains("Ctrl-N") { return _ = try click("Ctrl-N", on: shot) }
        // The key bar of a narrow window has only Enter: from field to field, and from the last one to the next page.
        for _ in 0..<20 where !shot.isPage(next) { shot = try click("Enter ", on: shot) }
    }
}
