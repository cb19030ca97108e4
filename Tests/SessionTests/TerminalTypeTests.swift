import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

/// Types of terminals, with and without colours and Unicode.
@Suite struct TerminalTypeTests {
    /// A terminal with its user's settings.
    struct Kind: CustomTestStringConvertible {
        let type: String
        var locale = "C.UTF-8"
        var noColor: String?

        var environment: [String: String?] { ["TERM": type, "LANG": locale, "NO_COLOR": noColor] }
        var testDescription: String {
            [type, locale, noColor.map { "NO_COLOR=\($0)" }].compactMap(\.self).joined(separator: " ")
        }

        static let all = ["xterm-256color", "screen-256color", "linux", "vt100"].flatMap { type in
            ["C.UTF-8", "C"].map { Kind(type: type, locale: $0) }
        }
        static let withoutColours = [
            Kind(type: "vt100"), Kind(type: "xterm-256color", noColor: "1"),
            Kind(type: "linux", noColor: "1"),
        ]
    }

    /// ``TerminalWalkTests`` compares them with records, at four sizes.
    @Test(arguments: Kind.all) func pagesReachTheScreenWhole(_ kind: Kind) async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("install", "--dry-run", environment: kind.environment)
            try await terminal.walkThereAndBack { title, shot in
                #expect(shot.hasFrame, "\(title)")
                if kind.locale == "C" {
                    #expect(shot.text.allSatisfy { $0.isASCII && $0 != "?" }, "\(title)")
                }
            }
        }
    }

    @Test func whereThereIsNoClipboardTheTextIsShownToBeSelected() async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("install", "--dry-run", environment: ["TERM": "vt100"])
            try await terminal.page("Install BuildKit", with: "kubectl not found")
            try await terminal.type("y")
            let shot = try await terminal.wait(for: "Press Enter to return.")
            #expect(shot.text.contains("buildkit-installer install --namespace buildkit"))
            try await terminal.press(.enter)
            try await terminal.page("Install BuildKit", with: "kubectl not found")
        }
    }

    @Test(arguments: Kind.withoutColours) func withoutColoursTheFocusIsStillSeen(_ kind: Kind) async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open(environment: kind.environment)
            let start = try await terminal.page("BuildKit installer", with: "Uninstall")
            #expect(start.isColourless)
            #expect(start.cell(of: "Install")?.isReversed == true)
            #expect(start.cell(of: "Rotate")?.isReversed == false)
            try await terminal.press(.enter)
            #expect(try await terminal.page("Install BuildKit", with: "kubectl not found").isColourless)
            try await terminal.type("c")
            #expect(try await terminal.page("Checks", with: "kubectl not found").isColourless)
            try await terminal.press(.control("n"))
            #expect(try await terminal.page("Address", with: "Verifies").isColourless)
        }
    }
}

extension Screenshot {
    fileprivate var isColourless: Bool {
        rows.joined().allSatisfy { $0.foreground == .standard && $0.background == .standard }
    }
}
