/// The two forms of a host name with letters beyond ASCII (IDNA2008, RFC 5891): people read `bücher.example`,
/// certificates contain `xn--bcher-kva.example` (RFC 5280, section 7.2, with RFC 9549).
enum InternationalName {
    /// Why a label has no ASCII form, in a sentence without its full stop.
    struct Problem: Error, Equatable { let message: String }

    /// The name with every label in ASCII; labels that already are, such as `*`, stay as they are.
    static func ascii(_ name: String) throws(Problem) -> String {
        // By scalars: a dot with a mark is another character. The other full stops are from RFC 5895, section 2.
        let labels = name.unicodeScalars.split(omittingEmptySubsequences: false) {
            [".", "\u{3002}", "\u{FF0E}", "\u{FF61}"].contains($0)
        }
        return try labels.map { label throws(Problem) in try encoded(String(label)) }.joined(separator: ".")
    }

    /// The name as people read it. Nil where no label is encoded, or one is not what `ascii` makes of its letters
    /// (RFC 5891, section 5.4): they would stand for another name.
    static func unicode(_ name: String) -> String? {
        guard name.unicodeScalars.allSatisfy(\.isASCII) else { return nil }
        var labels = name.lowercased().split(separator: ".", omittingEmptySubsequences: false)
        guard labels.contains(where: { $0.hasPrefix("xn--") }) else { return nil }
        for (index, label) in labels.enumerated() where label.hasPrefix("xn--") {
            // The reason why it cannot be encoded again does not matter.
            guard label.utf8.count <= 63, let letters = Punycode.decode(label.dropFirst(4)),
                let again = try? encoded(letters), again == label
            else { return nil }
            labels[index] = letters[...]
        }
        return labels.joined(separator: ".")
    }

    /// The direction of Arabic and Hebrew labels (RFC 5893) and mixed Arabic digits are not checked.
    private static func encoded(_ label: String) throws(Problem) -> String {
        guard !label.unicodeScalars.allSatisfy(\.isASCII) else { return label }
        func problem(_ reason: String) -> Problem {
            // An invisible character must not hide or turn around the rest of the message.
            let shown = label.unicodeScalars.prefix(63).map { $0.isInvisible ? "\u{FFFD}" : "\($0)" }
            let end = label.unicodeScalars.count > 63 ? "…" : ""
            return Problem(message: "The label “\(shown.joined())\(end)” \(reason)")
        }
        let tooLong = problem("has more than 63 characters in its ASCII form")
        // At most four scalars merge into one, which takes at least one character.
        guard label.unicodeScalars.count <= 4 * 63 else { throw tooLong }
        let name = normalized(label.lowercased())
        let scalars = Array(name.unicodeScalars)
        if let scalar = scalars.first(where: { !$0.isAllowed }) {
            let code = "U+" + String(scalar.value, radix: 16, uppercase: true)
            let shown = scalar.isInvisible ? code : "“\(scalar)” (\(code))"
            throw problem("has a character other than letters, digits and hyphens: \(shown)")
        }
        guard let first = scalars.first, !first.isMark else { throw problem("starts with a combining mark") }
        guard first != "-", scalars.last != "-", !scalars.dropFirst(2).starts(with: ["-", "-"]) else {
            throw problem("has a hyphen at its start or end, or two as its third and fourth character")
        }
        // The lower case of the Kelvin sign is in ASCII.
        let result = scalars.allSatisfy(\.isASCII) ? name : "xn--" + Punycode.encode(scalars)
        guard result.utf8.count <= 63 else { throw tooLong }
        return result
    }

    /// Normal form C (RFC 5891, section 4.1), or the text itself if that form has characters that are not allowed.
    /// The standard library does not convert to it, but orders texts by it: each scalar of the form is the last one
    /// with which the result does not come after the text.
    private static func normalized(_ text: String) -> String {
        // With an end: Swift 6.3 puts a text that only starts another one after it, such as `u\u{308}` after `üb`.
        func isOrdered(_ one: String, _ other: String) -> Bool { one + "\0" < other + "\0" }
        var result = ""
        // The form has at most as many scalars as the text has bytes.
        for _ in text.utf8 where result != text {
            var (next, low, high): (String, UInt32, UInt32) = (text, 1, 0x11_0000)
            while low < high {
                let middle = (low + high) / 2
                // Those that would stand for other scalars, or merge or swap with those before, are not in order.
                let longer = (low...middle).reversed().lazy.compactMap(Unicode.Scalar.init)
                    .filter { !$0.isStandIn }.map { result + String($0) }
                    .first { isOrdered(result, $0) && isOrdered($0, result + "\u{10FFFF}") }
                let isLate = longer.map { isOrdered(text, $0) } ?? false
                if isLate { high = middle } else { (next, low) = (longer ?? next, middle + 1) }
            }
            guard isOrdered(text, next + "\u{10FFFF}") else { return text }
            result = next
        }
        return result == text ? result : text
    }
}

extension Unicode.Scalar {
    /// Whether RFC 5892, section 3, permits it whatever is next to it, unlike a joiner.
    fileprivate var isAllowed: Bool {
        switch value {
        // The hyphen, and the exceptions of section 2.6.
        case 0x2D, 0x6FD, 0x6FE, 0xF0B, 0x3007: return true
        case 0x640, 0x7FA, 0x302E, 0x302F, 0x3031...0x3035, 0x303B: return false
        // Marks of symbols and music (section 2.4), and fragments of Korean syllables (section 2.9).
        case 0x20D0...0x20FF, 0x1D100...0x1D24F: return false
        case 0x1100...0x11FF, 0xA960...0xA97F, 0xD7B0...0xD7FF: return false
        default: if isStandIn || isInvisible { return false }
        }
        return isMark || [.lowercaseLetter, .otherLetter, .modifierLetter, .decimalNumber].contains(kind)
    }

    fileprivate var kind: Unicode.GeneralCategory { properties.generalCategory }
    fileprivate var isMark: Bool { [.nonspacingMark, .spacingMark].contains(kind) }
    /// Whether it is a form of other characters, such as a ligature (section 2.2), but not the exceptions ß and ς.
    fileprivate var isStandIn: Bool { properties.changesWhenNFKCCaseFolded && self != "ß" && self != "ς" }
    /// Whether it only changes how others are shown, such as a joiner or a change of direction.
    fileprivate var isInvisible: Bool { properties.isDefaultIgnorableCodePoint || kind == .control }
}

/// Text in lower case as letters, digits and hyphens (RFC 3492): its ASCII characters, then the steps from one
/// insertion of another character to the next, in the order of the characters and of their places.
private enum Punycode {
    private static let digits = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// - Parameter scalars: Of a label, whose limited length keeps the steps from overflowing.
    static func encode(_ scalars: [Unicode.Scalar]) -> String {
        var output = scalars.filter(\.isASCII).map { UInt8($0.value) }
        var (count, value, place, bias) = (output.count, 0x80, 0, 72)
        if count > 0 { output.append(UInt8(ascii: "-")) }
        let others = scalars.enumerated().filter { !$0.element.isASCII }
        for (index, scalar) in others.sorted(by: { ($0.element, $0.offset) < ($1.element, $1.offset) }) {
            let next = scalars[..<index].count { $0 <= scalar }
            let step = (Int(scalar.value) - value) * (count + 1) + next - place
            var rest = step
            for k in stride(from: 36, to: .max, by: 36) {
                let limit = min(max(k - bias, 1), 26)
                guard rest >= limit else { break }
                output.append(digits[limit + (rest - limit) % (36 - limit)])
                rest = (rest - limit) / (36 - limit)
            }
            output.append(digits[rest])
            bias = adapted(step, count + 1, isFirst: place == 0)
            (count, value, place) = (count + 1, Int(scalar.value), next + 1)
        }
        return String(decoding: output, as: UTF8.self)
    }

    static func decode(_ text: Substring) -> String? {
        let hyphen = text.lastIndex(of: "-")
        var scalars = Array(text[..<(hyphen ?? text.startIndex)].unicodeScalars)
        var input = text[(hyphen.map(text.index(after:)) ?? text.startIndex)...].utf8
        var (value, place, bias) = (0x80, 0, 72)
        while !input.isEmpty {
            var (step, weight) = (0, 1)
            for k in stride(from: 36, to: .max, by: 36) {
                let limit = min(max(k - bias, 1), 26)
                guard let digit = input.popFirst().flatMap(digits.firstIndex(of:)) else { return nil }
                step += digit * weight
                // Before the weight overflows, as no digit but the last is zero.
                guard step <= Int32.max else { return nil }
                if digit < limit { break }
                weight *= 36 - limit
            }
            let count = scalars.count + 1
            bias = adapted(step, count, isFirst: place == 0)
            (value, place) = (value + (place + step) / count, (place + step) % count)
            guard let scalar = Unicode.Scalar(UInt32(value)) else { return nil }
            scalars.insert(scalar, at: place)
            place += 1
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private static func adapted(_ step: Int, _ count: Int, isFirst: Bool) -> Int {
        var (rest, bias) = (isFirst ? step / 700 : step / 2, 0)
        rest += rest / count
        while rest > 455 { (rest, bias) = (rest / 35, bias + 36) }
        return bias + 36 * rest / (rest + 38)
    }
}
