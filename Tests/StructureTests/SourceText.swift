/// The words of a Swift source outside comments and strings, line by line; string interpolations are included.
struct SourceText {
    /// A word, and whether it follows a dot.
    private struct Word {
        var text: String
        var isMember: Bool
    }
    private struct Line {
        var indent = 0
        var words: [Word] = []
        var closes = false
    }

    private var lines: [Line] = []
    private static let typeKeywords: Set<String> = [
        "struct", "class", "enum", "actor", "protocol", "typealias",
    ]
    private static let memberKeywords: Set<String> = ["var", "let", "func", "case"]

    init(_ text: String) {
        for line in Self.code(of: Array(text.utf8)).split(separator: 10, omittingEmptySubsequences: false) {
            lines.append(Self.line(line))
        }
    }

    var types: [String] {
        lines.filter { $0.indent == 0 }.compactMap { line in
            name(after: Self.typeKeywords, in: line)
        }
    }

    var ownMembers: Set<String> { Set(lines.compactMap { name(after: Self.memberKeywords, in: $0) }) }

    var typeNames: Set<String> {
        Set(lines.flatMap(\.words).map(\.text).filter { $0.first?.isUppercase ?? false })
    }

    var memberNames: Set<String> { Set(lines.flatMap(\.words).filter(\.isMember).map(\.text)) }

    /// The members that extensions add to types that are not among these.
    func members(ofTypesOutside declared: Set<String>) -> Set<String> {
        var members: Set<String> = []
        var isOutside = false
        for line in lines {
            if line.indent == 0 {
                guard let type = name(after: ["extension"], in: line) else {
                    isOutside = isOutside && !line.closes
                    continue
                }
                isOutside = !declared.contains(type) && !isPrivate(line)
            } else if isOutside, line.indent == 4, !isPrivate(line),
                let name = name(after: Self.memberKeywords, in: line)
            {
                members.insert(name)
            }
        }
        return members
    }

    private func isPrivate(_ line: Line) -> Bool {
        line.words.contains { ["private", "fileprivate"].contains($0.text) }
    }

    private func name(after keywords: Set<String>, in line: Line) -> String? {
        guard let keyword = line.words.firstIndex(where: { keywords.contains($0.text) && !$0.isMember })
        else {
            return nil
        }
        return line.words.dropFirst(keyword + 1).first?.text
    }

    private static func line(_ bytes: ArraySlice<UInt8>) -> Line {
        var line = Line(indent: bytes.prefix { $0 == 32 }.count)
        line.closes = bytes.first == UInt8(ascii: "}")
        var word: [UInt8] = []
        var before: UInt8 = 32
        for byte in bytes + [32] {
            if byte.isWord {
                word.append(byte)
            } else {
                if !word.isEmpty {
                    line.words.append(
                        Word(
                            text: String(decoding: word, as: UTF8.self), isMember: before == UInt8(ascii: ".")
                        ))
                }
                word = []
                before = byte
            }
        }
        return line
    }

    /// The source without comments and string contents; line ends are kept.
    private static func code(of source: [UInt8]) -> [UInt8] {
        var code: [UInt8] = []
        // The number of open parentheses in each enclosing interpolation, and the end of its string.
        var strings: [(end: [UInt8], depth: Int)] = []
        var index = 0
        func starts(_ text: [UInt8]) -> Bool { source[index...].starts(with: text) }
        func skipString(_ end: [UInt8]) {
            let hashes = end.filter { $0 == UInt8(ascii: "#") }
            let escape = [UInt8(ascii: "\\")] + hashes
            while index < source.count {
                if starts(end) {
                    index += end.count
                    return
                }
                if starts(escape) {
                    index += escape.count
                    if index < source.count, source[index] == UInt8(ascii: "(") {
                        strings.append((end, 0))
                        code.append(32)
                        index += 1
                        return
                    }
                }
                if index < source.count, source[index] == 10 { code.append(10) }
                index += 1
            }
        }
        while index < source.count {
            let byte = source[index]
            if starts(Array("//".utf8)) {
                while index < source.count, source[index] != 10 { index += 1 }
            } else if let quote = quote(in: source, at: index) {
                index += quote.count
                skipString(Array(quote.reversed()))
            } else if let string = strings.last, byte == UInt8(ascii: ")"), string.depth == 0 {
                strings.removeLast()
                code.append(32)
                index += 1
                skipString(string.end)
            } else {
                if !strings.isEmpty {
                    if byte == UInt8(ascii: "(") { strings[strings.count - 1].depth += 1 }
                    if byte == UInt8(ascii: ")") { strings[strings.count - 1].depth -= 1 }
                }
                code.append(byte)
                index += 1
            }
        }
        return code
    }

    /// The start of a string literal: `"`, `"""` or either after number signs.
    private static func quote(in source: [UInt8], at index: Int) -> [UInt8]? {
        let rest = source[index...]
        let hashes = rest.prefix { $0 == UInt8(ascii: "#") }
        let quotes = rest.dropFirst(hashes.count).prefix(3).prefix { $0 == UInt8(ascii: "\"") }
        guard !quotes.isEmpty else { return nil }
        return Array(hashes) + Array(quotes.count == 3 ? quotes : quotes.prefix(1))
    }
}

extension UInt8 {
    fileprivate var isWord: Bool {
        (48...57).contains(self) || (65...90).contains(self) || (97...122).contains(self) || self == 95
            || self > 127
    }
}
