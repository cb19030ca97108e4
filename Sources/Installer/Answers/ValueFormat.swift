import MutualTLS

/// The format of an answer: how it is parsed, how it is printed, and an example.
///
/// Each rule is defined once; wizard, flags, environment and answers file all use it.
public struct ValueFormat<Value: Sendable>: Sendable {
    public let example: String
    /// The minimum and maximum of a number, or the number of values in a list; nil where it is unlimited.
    let range: ClosedRange<Int>?
    let parse: @Sendable (String) throws(FormatError) -> Value
    let print: @Sendable (Value) -> String

    init(
        example: String, range: ClosedRange<Int>? = nil,
        print: @escaping @Sendable (Value) -> String,
        parse: @escaping @Sendable (String) throws(FormatError) -> Value
    ) {
        self.example = example
        self.range = range
        self.parse = parse
        self.print = print
    }
}

extension ValueFormat {
    /// The same rule, with nil as an additional valid answer.
    func orNone() -> ValueFormat<Value?> {
        ValueFormat<Value?>(example: example, range: range, print: { $0.map(print) ?? "" }) {
            text throws(FormatError) in
            guard !text.isEmpty else { return nil }
            return try parse(text)
        }
    }

    /// Any number of values, separated by commas; spaces around them are ignored.
    func list(limit: Int) -> ValueFormat<[Value]> {
        ValueFormat<[Value]>(
            example: example, range: 0...limit, print: { $0.map(print).joined(separator: ",") }
        ) { text throws(FormatError) in
            guard !text.isEmpty else { return [] }
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            guard parts.count <= limit else {
                throw FormatError("has \(parts.count) values; the maximum is \(limit)")
            }
            var values: [Value] = []
            var mistakes: [(word: String, error: FormatError)] = []
            for part in parts {
                let word = part.trimmed
                guard !word.isEmpty else {
                    let error = FormatError("has an empty item between two commas", example: example)
                    mistakes.append((word, error))
                    continue
                }
                do throws(FormatError) { values.append(try parse(word)) } catch {
                    mistakes.append((word, error))
                }
            }
            guard let first = mistakes.first else { return values }
            throw mistakes.count == 1 ? first.error : FormatError(allOf: mistakes)
        }
    }
}

extension FormatError {
    /// All mistakes in a list as one error; each names its value.
    fileprivate init(allOf mistakes: [(word: String, error: FormatError)]) {
        let shown = 5
        let told = mistakes.prefix(shown).map { word, error in
            let isNamed = word.isEmpty || error.message.contains("“") || error.message.contains("'\(word)'")
            return isNamed ? error.message : "'\(word.prefix(40))' \(error.message)"
        }
        let more = mistakes.count > shown ? ["and \(mistakes.count - shown) more"] : []
        self.init((told + more).joined(separator: "; "), example: mistakes[0].error.example)
    }
}

/// The maximum length of an answer, in bytes. Longer text is a mistake and would fill the screen.
private let longest = 4096

extension ValueFormat where Value == String {
    static func line(example: String) -> ValueFormat {
        ValueFormat(example: example, print: { $0 }) { text throws(FormatError) in
            guard text.utf8.count <= longest else { throw FormatError("is longer than \(longest) bytes") }
            guard !text.unicodeScalars.contains(where: \.actsOnTerminal) else {
                throw FormatError("contains a control character or a line break", example: example)
            }
            return text
        }
    }

    /// A file or folder. The path is stored and used later from other folders, so a relative one is made absolute at
    /// once.
    static func path(example: String) -> ValueFormat {
        ValueFormat(example: example, print: { $0 }) { text throws(FormatError) in
            try line(example: example).parse(text).absolutePath
        }
    }

    /// A DNS label (RFC 1123), as Kubernetes requires for a namespace.
    static func label(example: String, longest: Int = 63) -> ValueFormat {
        ValueFormat(example: example, print: { $0 }) { text throws(FormatError) in
            guard !text.isEmpty else { throw FormatError("is empty", example: example) }
            guard text.utf8.count <= longest else {
                throw FormatError(
                    "has \(text.utf8.count) characters; the maximum is \(longest)", example: example)
            }
            guard text.allSatisfy({ $0.isLowerCaseLetterOrDigit || $0 == "-" }) else {
                throw FormatError("must contain only lowercase letters, digits and '-'", example: example)
            }
            guard text.first != "-", text.last != "-" else {
                throw FormatError("must start and end with a letter or a digit", example: example)
            }
            return text
        }
    }

    /// A builder's name. buildx stores it in lower case but looks it up as typed, so only lower case is accepted.
    static let builderName = ValueFormat(example: "remote-kubernetes", print: { $0 }) {
        text throws(FormatError) in
        let example = "remote-kubernetes"
        guard !text.isEmpty else { throw FormatError("is empty", example: example) }
        guard text.utf8.count <= 63 else {
            throw FormatError("has more than 63 characters", example: example)
        }
        guard text == text.lowercased() else {
            throw FormatError(
                "contains uppercase letters, which buildx stores in lowercase and then does not find",
                example: text.lowercased())
        }
        guard text.first?.isLowerCaseLetter == true,
            text.allSatisfy({ $0.isLowerCaseLetterOrDigit || "-_.".contains($0) })
        else {
            throw FormatError(
                "must start with a letter and contain only letters, digits, '-', '_' and '.'",
                example: example)
        }
        guard text != "default" else {
            throw FormatError("is reserved by buildx", example: example)
        }
        return text
    }

    /// An image reference without a scheme: registry, path, tag, digest (the distribution project's grammar).
    static let image = ValueFormat(example: "docker.io/moby/buildkit:v0.32.2", print: { $0 }) {
        text throws(FormatError) in
        let example = "docker.io/moby/buildkit:v0.32.2"
        guard !text.contains("://") else {
            throw FormatError("must not start with a scheme", example: example)
        }
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let (name, tag) = String(parts[0]).splitTag
        guard !name.isEmpty, name.utf8.count <= 255,
            name.split(separator: "/", omittingEmptySubsequences: false).enumerated().allSatisfy({
                index, part in
                !part.isEmpty && part.first?.isLetterOrDigit == true && part.last?.isLetterOrDigit == true
                    && part.allSatisfy {
                        $0.isLowerCaseLetterOrDigit || "-_.".contains($0)
                            || (index == 0 && (($0 == ":") || $0.isLetterOrDigit))
                    }
            })
        else { throw FormatError("is not an image reference", example: example) }
        if let tag {
            guard !tag.isEmpty, tag.utf8.count <= 128, tag.first != "-", tag.first != ".",
                tag.allSatisfy({ $0.isLetterOrDigit || "-_.".contains($0) })
            else { throw FormatError("has an invalid tag after ':'", example: example) }
        }
        if parts.count == 2 {
            let digest = parts[1]
            guard digest.hasPrefix("sha256:"), digest.utf8.count == 71,
                digest.dropFirst(7).allSatisfy({
                    $0.isDigit || ("a"..."f").contains($0) && $0.isLowerCaseLetter
                })
            else {
                throw FormatError(
                    "has an invalid digest after '@'; it must be sha256: and 64 hexadecimal digits")
            }
        }
        return text
    }

    /// A Kubernetes quantity of CPU or bytes, greater than zero; empty means no limit.
    static func quantity(example: String) -> ValueFormat {
        ValueFormat(example: example, print: { $0 }) { text throws(FormatError) in
            let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let unit = text.dropFirst(number.count)
            let units = ["", "m", "k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti", "Pi"]
            guard let value = Double(number), value.isFinite, units.contains(String(unit)) else {
                throw FormatError("is not a quantity", example: example)
            }
            guard value > 0 else { throw FormatError("must be greater than zero", example: example) }
            return text
        }
    }

    /// `OS/ARCHITECTURE[/VARIANT]`, as buildx writes a platform.
    static let platform = ValueFormat(example: "linux/amd64", print: { $0 }) { text throws(FormatError) in
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count),
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isLowerCaseLetterOrDigit) })
        else { throw FormatError("'\(text)' is not a platform", example: "linux/amd64") }
        return text
    }
}

extension ValueFormat where Value == Int {
    static func number(_ range: ClosedRange<Int>, unit: String? = nil, example: Int) -> ValueFormat {
        ValueFormat(example: "\(example)", range: range, print: { "\($0)" }) { text throws(FormatError) in
            let what = unit.map { " of \($0)" } ?? ""
            guard let number = Int(text), text.allSatisfy({ $0.isASCII }), text.first != "+" else {
                throw FormatError("'\(text)' is not a whole number\(what)", example: "\(example)")
            }
            guard range.contains(number) else {
                throw FormatError(
                    "\(number) is out of range (\(range.lowerBound) to \(range.upperBound))",
                    example: "\(example)")
            }
            return number
        }
    }
}

extension ValueFormat where Value == Bool {
    static let toggle = ValueFormat(example: "yes", print: { $0 ? "yes" : "no" }) {
        text throws(FormatError) in
        switch text.lowercased() {
        case "yes", "true", "on", "1", "y": return true
        case "no", "false", "off", "0", "n": return false
        default: throw FormatError("'\(text)' is not yes or no", example: "yes")
        }
    }
}

extension ValueFormat where Value == SubjectName {
    static let subjectName = ValueFormat(example: "builder.example.com", print: { "\($0)" }) {
        text throws(FormatError) in
        do throws(NameError) { return try SubjectName(text) } catch {
            throw FormatError(error.message, example: error.example)
        }
    }
}

extension ValueFormat where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// A case of an enum, by its raw value.
    static var choice: ValueFormat {
        let all = Value.allCases.map(\.rawValue)
        return ValueFormat(example: all.first ?? "", print: { $0.rawValue }) { text throws(FormatError) in
            guard let value = Value(rawValue: text) else {
                throw FormatError(
                    "'\(text)' is not one of \(all.joined(separator: ", "))", example: all.first)
            }
            return value
        }
    }
}

extension String {
    /// An image's name and tag; a colon before the last slash belongs to the registry's port.
    var splitTag: (name: String, tag: String?) {
        guard let colon = lastIndex(of: ":"), !self[colon...].contains("/") else { return (self, nil) }
        return (String(self[..<colon]), String(self[index(after: colon)...]))
    }
}

/// Why a text is not a valid answer, and a valid example.
struct FormatError: Error, Equatable {
    var message: String
    var example: String?

    init(_ message: String, example: String? = nil) {
        self.message = message
        self.example = example
    }
}
