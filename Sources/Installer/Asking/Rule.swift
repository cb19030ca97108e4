/// What an answer may be: how it is read from text, how it is written back, and a value that shows the form.
///
/// Each rule exists once; wizard, flags, environment and answers file all come through it.
public struct Rule<Value: Sendable>: Sendable {
    public let example: String
    /// The least and the most of a number, or how many values a list may hold; nil where nothing bounds it.
    let range: ClosedRange<Int>?
    let parse: @Sendable (String) throws(Refusal) -> Value
    let print: @Sendable (Value) -> String

    init(
        example: String, range: ClosedRange<Int>? = nil,
        print: @escaping @Sendable (Value) -> String,
        parse: @escaping @Sendable (String) throws(Refusal) -> Value
    ) {
        self.example = example
        self.range = range
        self.parse = parse
        self.print = print
    }
}

extension Rule {
    /// The same rule, with nothing as one more answer.
    func orNone() -> Rule<Value?> {
        Rule<Value?>(example: example, range: range, print: { $0.map(print) ?? "" }) { text throws(Refusal) in
            guard !text.isEmpty else { return nil }
            return try parse(text)
        }
    }

    /// Any number of values, separated by commas; in a terminal, spaces around them do not count.
    func list(limit: Int) -> Rule<[Value]> {
        Rule<[Value]>(
            example: example, range: 0...limit, print: { $0.map(print).joined(separator: ",") }
        ) { text throws(Refusal) in
            guard !text.isEmpty else { return [] }
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            guard parts.count <= limit else {
                throw Refusal("holds \(parts.count) values; \(limit) is the most")
            }
            var values: [Value] = []
            for part in parts {
                let word = part.trimmed
                guard !word.isEmpty else {
                    throw Refusal("has an empty place between two commas", example: example)
                }
                values.append(try parse(word))
            }
            return values
        }
    }
}

extension StringProtocol {
    /// The text without the white space around it.
    var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
        while rest.last?.isWhitespace == true { rest = rest.dropLast() }
        return String(rest)
    }
}
