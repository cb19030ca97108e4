import FoundationEssentials
@testable import Installer
import Testing

@Suite struct VisibleTextTests {
    /// Characters that act on a terminal, and those that change how a line reads.
    static let acting: [Unicode.Scalar] = {
        let ranges: [ClosedRange<UInt32>] = [
            0...0x1f, 0x7f...0x9f, 0x61c...0x61c, 0x200b...0x200b, 0x200e...0x200f, 0x2028...0x202e,
            0x2060...0x2064,
            0x2066...0x206f, 0xfeff...0xfeff, 0xe0041...0xe0041,
        ]
        return ranges.joined().compactMap { Unicode.Scalar($0) }
    }()

    @Test(arguments: [
        ("\u{1B}]52;c;cm0K\u{7}", "^[]52;c;cm0K^G"), ("\u{1B}[2J", "^[[2J"), ("a\u{9B}31mb", "a<U+009B>31mb"),
        ("gnp\u{202E}exe", "gnp<U+202E>exe"), ("one\r\ntwo", "one^M^Jtwo"), ("a\tb\u{7F}", "a\tb^?"),
        ("plain, “quoted”, naïve, 建, 👩‍💻", "plain, “quoted”, naïve, 建, 👩‍💻"),
        ("\u{E0041}", "<U+E0041>"),
    ])
    func whatWouldActIsSpelledOut(_ text: String, _ shown: String) { #expect(text.visibleLine == shown) }

    @Test func aTextOfSeveralLinesKeepsThem() {
        #expect("one\n\ttwo\u{1B}[0m\r\n".visible == "one\n\ttwo^[[0m^M\n")
    }

    @Test func nothingThatActsIsLeftOfAnyKind() {
        for scalar in Self.acting {
            let shown = "a\(scalar)b".visibleLine.unicodeScalars
            #expect(!shown.contains { $0.actsOnTerminal && $0 != "\t" }, "\(scalar.value)")
            #expect(scalar == "\t" || shown.count > 3)
        }
    }

    @Test func jsonStaysTheSameValue() throws {
        for scalar in Self.acting {
            let value = JSONValue.object(["a\(scalar)": .string("x\(scalar)y")])
            let text = value.text(indented: true)
            #expect(!text.unicodeScalars.contains { $0.actsOnTerminal && $0 != "\n" }, "\(scalar.value)")
            #expect(try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) == value)
        }
    }

    @Test func allThatIsToldPassesThroughIt() {
        let evil = "a\u{1B}[2J\nb"
        let failure = InstallerError(evil, detail: evil, hint: evil)
        #expect(failure.message == "a^[[2J^Jb")
        #expect(failure.detail == "a^[[2J\nb" && failure.hint == "a^[[2J\nb")
        #expect(OutputLine(evil).text == "a^[[2J^Jb")
        #expect(ReportLine(evil, evil) == ReportLine("a^[[2J^Jb", "a^[[2J^Jb"))
        #expect(AnswerError(field: "x", origin: evil, message: evil).description == "a^[[2J^Jb: a^[[2J^Jb")
        #expect(CheckOutcome.failed(evil, hint: evil).evidence == "a^[[2J\nb")
        let event = RunEvent.failed(step: "x", failure: failure, at: Date(timeIntervalSince1970: 0))
        #expect(!event.json.contains("\u{1B}"))
    }

    @Test func whoPastesAKeyDoesNotFindItInTheAnswer() {
        let key = "-----BEGIN PRIVATE KEY----- MIGHAgEAMBMGByqGSM49AgEG -----END PRIVATE KEY-----"
        let problems = AnswerSources(flags: ["security": key, "port": key, "platforms": key]).resolve()
            .problems
        #expect(problems.count == 3)
        for problem in problems { #expect(!"\(problem)".contains("MIGHAgEA"), "\(problem)") }
    }
}
