import FoundationEssentials
import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

/// Input by typing, over slow lines, and from clipboards.
@Suite struct TypingTests {
    @Test func standardOutputMayGoIntoAFile() async throws {
        try await Cluster.withLaptop { cluster in
            let file = "\(cluster.laptop.home)/output"
            let terminal = try cluster.laptop.open(
                "install", "--dry-run", "--cache", "none", "--namespace", cluster.namespace, output: file)
            #expect(try await terminal.waitForEnd() == .exited(0))
            let output = try String(contentsOf: URL(filePath: file), encoding: .utf8)
            #expect(output.contains("1. Create the namespace \(cluster.namespace)"))
            #expect(!output.contains("\u{1B}"))
            #expect(await terminal.leftovers() == [])
        }
    }

    @Test func keysWhoseBytesComeOneByOneAreKeys() async throws {
        try await withBareLaptop { laptop in
            // ESCDELAY is curses' own variable for slow lines; longer than any wait of a test.
            let terminal = try laptop.open(environment: ["ESCDELAY": "3600000"])
            try await terminal.page("BuildKit installer", with: "Uninstall")
            try await terminal.sendOneByOne(Array("\u{1B}OB\r".utf8))
            try await terminal.page("Rotate certificates", with: "Renew")
        }
    }

    @Test func aPastedListOfNamesIsTakenWhole() async throws {
        let names = (1...100).map { "builder-\($0).build.example.com" }
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("install", "--dry-run", columns: 120, rows: 50)
            try await terminal.goToSANs()
            try await terminal.paste(names.joined(separator: "\n") + "\n")
            try await terminal.wait(for: "builder-100.build.example.com")
            try await terminal.press(.control("n"))
            try await terminal.page("Certificates")
            try await terminal.press(.escape)
            try await terminal.page(
                "Address", with: "builder-1.build.example.com, a name in the certificate")
        }
    }

    @Test func oneNameTooManyIsRefusedWithTheReason() async throws {
        let names = (1...300).map { "builder-\($0).build.example.com" }
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("install", "--dry-run")
            try await terminal.goToSANs()
            try await terminal.paste(names.joined(separator: ","))
            try await terminal.press(.enter)
            try await terminal.page("Address", with: "100")
            try await terminal.replace(with: "builder.example.com")
            try await terminal.press(.control("n"))
            try await terminal.page("Certificates")
        }
    }

    /// A form page, the number of fields to move down, the typed text, and a part of the reason.
    static let refused: [(String, Int, String, String)] = [
        ("Address", 1, "70000", "70000 is out of range"),
        ("Address", 2, "builder_1.example.com", "has an underscore"),
        ("Certificates", 5, "0", "0 is out of range (1 to 36500)"),
        ("Namespace and release", 0, "Build Kit", "must contain only lowercase letters"),
        ("Namespace and release", 0, "bücher", "must contain only lowercase letters"),
        ("Builder", 1, "50", "has no unit"),
        ("Registration", 0, "Remote", "contains uppercase letters"),
    ]

    @Test(arguments: refused) func aWrongValueKeepsThePageAndSaysWhy(
        page: String, fields: Int, text: String, reason: String
    ) async throws {
        try await withBareLaptop { laptop in
            let terminal = try laptop.open()
            try await terminal.walk(to: page)
            for _ in 0..<fields { try await terminal.press(.tab) }
            try await terminal.replace(with: text)
            try await terminal.press(.enter)
            try await terminal.page(page, with: reason)
            // The focus and the typed text are unchanged.
            try await terminal.wait(for: "\(text) to be mended") { shot in
                shot.text(row: shot.cursor.row).hasSuffix(text)
            }
        }
    }
}

extension PseudoTerminal {
    /// Goes to the SANs on the address page, which is the second page of the walk.
    fileprivate func goToSANs() throws {
        try page("Install BuildKit")
        try proceed(from: "Install BuildKit")
        try page("Checks")
        try proceed(from: "Checks")
        try page("Address", with: "Verifies")
        try press(.tab, .tab)
        try wait(for: "› SANs")
    }
}
