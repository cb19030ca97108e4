import FoundationEssentials
import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

/// What fingers, slow lines and clipboards do.
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
            try await terminal.page("BuildKit for your team", with: "Uninstall")
            try await terminal.sendOneByOne(Array("\u{1B}OB\r".utf8))
            try await terminal.page("Checks", with: "CA key")
        }
    }

    @Test func aPastedListOfNamesIsTakenWhole() async throws {
        let names = (1...100).map { "builder-\($0).build.example.com" }
        try await withBareLaptop { laptop in
            let terminal = try laptop.open("install", "--dry-run", columns: 132, rows: 50)
            try await terminal.goToSANs()
            try await terminal.paste(names.joined(separator: "\n") + "\n")
            try await terminal.wait(for: "builder-100.build.example.com")
            try await terminal.press(.enter)
            try await terminal.page("Certificates")
            try await terminal.press(.escape)
            try await terminal.page(
                "Address", with: "builder-1.build.example.com, which the certificate covers")
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
            try await terminal.press(.enter)
            try await terminal.page("Certificates")
        }
    }

    /// A form page, how many fields down, what is typed, and a part of the reason.
    static let refused: [(String, Int, String, String)] = [
        ("Address", 1, "70000", "70000 is out of range"),
        ("Address", 2, "builder_1.example.com", "has an underscore"),
        ("Certificates", 5, "0", "it must be from 1 to 36500"),
        ("Namespace and release", 0, "Build Kit", "may only hold lower-case letters"),
        ("Namespace and release", 0, "bücher", "may only hold lower-case letters"),
        ("Builder", 1, "50", "has no unit"),
        ("Registration", 0, "Remote", "holds capitals"),
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
            // The focus is where it was, and what was typed too.
            try await terminal.wait(for: "\(text) to be mended") { shot in
                shot.text(row: shot.cursor.row).hasSuffix(text)
            }
        }
    }
}

extension PseudoTerminal {
    /// To the SANs on the page of the address, which is the second of the walk.
    fileprivate func goToSANs() throws {
        try page("Checks")
        try press(.enter)
        try page("Address", with: "and expects")
        try press(.tab, .tab)
        try wait(for: "The DNS names, wildcards and IP addresses")
    }
}
