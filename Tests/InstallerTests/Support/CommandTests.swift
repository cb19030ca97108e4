import FoundationEssentials
@testable import Installer
import Testing

/// Quoted text is tested with its real readers: shells, and a CSV parser.
@Suite(.timeLimit(.minutes(10)))
struct QuotingTests {
    /// A generator with the same texts in each run.
    private struct Source: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    /// Characters that are special in shells and lists, and combining marks that join the preceding character.
    private static let signs: [Unicode.Scalar] = [
        "'", "'", "\"", "\"", "\\", "$", "`", "(", ")", "{", "}", ";", "&", "|", "<", ">", "!", "#", "*", "?",
        "[",
        "]", "~", "=", "%", ",", ",", ":", " ", " ", "\t", "\n", "-", "/", "a", "B", "7", "\u{301}",
        "\u{338}",
        "\u{34F}", "\u{200D}", "\u{FE0F}", "é", "ß", "建", "👩", "\u{1F3FD}", "\u{10FFFD}",
    ]

    private static func texts(_ count: Int, of signs: [Unicode.Scalar], seed: UInt64) -> [String] {
        var source = Source(state: seed)
        return (0..<count).map { _ in
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...14, using: &source) {
                text.append(signs.randomElement(using: &source) ?? "a")
            }
            return String(text)
        }
    }

    /// Makes a shell print words as it parses them, each followed by a zero byte.
    private func read(_ words: [String], by shell: String) async throws -> [[UInt8]] {
        let folder = try TemporaryFolder()
        let script = words.map { "printf '%s\\0' \($0)\n" }.joined()
        let output = "\(folder.path)/output"
        let path = try folder.write("exec > \(output)\n\(script)", to: "script")
        let tools = try FakeTools([.helm: "exec \(shell) \(path)"])
        let result = try await tools.runner.run(Command(.helm, [], timeout: 300))
        #expect(result.status == 0, "\(result.errors.suffix(500))")
        let bytes = try Data(contentsOf: URL(filePath: output))
        return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map(Array.init)
    }

    @Test(arguments: ["/bin/sh", "/bin/bash"])
    func tenThousandWordsReachAShellByteForByte(shell: String) async throws {
        let plain = Self.texts(10_000, of: Self.signs, seed: 1)
        // Each of these needs a separate process in the shell.
        let acting = Self.texts(600, of: Self.signs + VisibleTextTests.acting.filter { $0 != "\0" }, seed: 2)
        let texts = plain + acting + ["x'\u{301}; touch PWNED; '\u{301}", "\u{1B}\n", "'\u{1B}'", "~", "-n"]
        let words = texts.map(\.shellQuoted)
        for word in words {
            #expect(
                !word.unicodeScalars.contains { $0.actsOnTerminal && !"\n\t".unicodeScalars.contains($0) })
        }
        let read = try await read(words, by: shell)
        #expect(read.count == texts.count)
        let wrong = zip(texts, read).filter { Array($0.utf8) != $1 }
        #expect(wrong.isEmpty, "\(wrong.count), such as \(wrong.first?.0.debugDescription ?? "")")
    }

    @Test func thousandsOfFieldsReachAReaderOfListsByteForByte() async throws {
        let texts = Self.texts(10_000, of: Self.signs.filter { $0 != "\n" }, seed: 3)
        // As in buildx: three in a list, each after its name.
        let lists = stride(from: 0, to: texts.count - 2, by: 3).map { index in
            zip(["cacert", "cert", "key"], texts[index..<index + 3]).map { "\($0)=\($1)".csvQuoted }
                .joined(separator: ",")
        }
        let folder = try TemporaryFolder()
        try folder.write(lists.joined(separator: "\0"), to: "lists")
        try folder.write(
            """
            import csv, sys
            lists = open(sys.argv[1] + "/lists", encoding="utf-8", newline="").read().split("\\0")
            with open(sys.argv[1] + "/fields", "w", encoding="utf-8", newline="") as out:
                for text in lists:
                    rows = list(csv.reader([text], strict=True))
                    out.write("\\0".join(f for row in rows for f in row) + "\\0")

            """, to: "read.py")
        let tools = try FakeTools([.helm: "exec python3 \(folder.path)/read.py \(folder.path)"])
        let result = try await tools.runner.run(Command(.helm, [], timeout: 300))
        #expect(result.status == 0, "\(result.errors)")
        let fields = try Data(contentsOf: URL(filePath: "\(folder.path)/fields"))
            .split(separator: 0, omittingEmptySubsequences: false).dropLast().map(Array.init)
        let expected = texts.prefix(lists.count * 3).enumerated().map { index, text in
            Array("\(["cacert", "cert", "key"][index % 3])=\(text)".utf8)
        }
        #expect(fields == expected)
    }

    @Test(arguments: ["s\u{338}", "al\u{34F}ice", "b\u{200D}", "a\u{301}", "ａ", "а", "default\u{338}"])
    func aNameIsMadeOfASCIIAlone(_ name: String) {
        for field in ["namespace", "release", "builder", "client", "name", "platforms"] {
            let problems = AnswerSources(flags: [field: field == "platforms" ? "linux/\(name)" : name])
                .resolve().problems
            #expect(problems.contains { $0.field == field }, "\(field)")
        }
    }
}
