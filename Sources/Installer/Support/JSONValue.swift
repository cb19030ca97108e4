import FoundationEssentials

/// Any JSON value, for documents of other formats: an answers file, an object of the cluster, a chart's values.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// The name of its type, for sentences.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }

    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    public var number: Double? {
        guard case .number(let number) = self else { return nil }
        return number
    }

    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    public var array: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    public var object: [String: JSONValue] {
        guard case .object(let members) = self else { return [:] }
        return members
    }
}

extension JSONValue {
    /// Parses a text.
    /// - Throws: `DecodingError`, which may quote the text.
    init(text: String) throws { self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) }
}

extension JSONValue: Codable {
    /// The most frequent types are tried first, and objects and lists are read by their containers: objects of a
    /// cluster take half of the time that the decoding of `Dictionary` and `Array` takes.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {  // a failed attempt only means another type
            self = .string(text)
        } else if let members = try? decoder.container(keyedBy: MemberKey.self) {
            self = .object(
                try Dictionary(
                    uniqueKeysWithValues: members.allKeys.map {
                        ($0.stringValue, try members.decode(JSONValue.self, forKey: $0))
                    }))
        } else if var elements = try? decoder.unkeyedContainer() {
            var values: [JSONValue] = []
            while !elements.isAtEnd { values.append(try elements.decode(JSONValue.self)) }
            self = .array(values)
        } else if value.decodeNil() {
            self = .null
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else {
            self = .bool(try value.decode(Bool.self))
        }
    }

    private struct MemberKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value):
            if let whole = Int(exactly: value) {
                try container.encode(whole)
            } else {
                try container.encode(value)
            }
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// The value as JSON with sorted keys, on one line or indented.
    public func text(indented: Bool) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if indented { encoder.outputFormatting.insert(.prettyPrinted) }
        // Encoding a JSON value only fails for a number that is not finite; no such number is created here.
        guard let data = try? encoder.encode(self) else { return "null" }
        return VisibleText(json: String(decoding: data, as: UTF8.self)).description
    }

    var text: String { text(indented: false) }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
}

extension JSONValue {
    /// All values in it that are not objects, by their key paths.
    var leaves: [[String]: JSONValue] {
        guard case .object(let members) = self else { return [[]: self] }
        var leaves: [[String]: JSONValue] = [:]
        for (key, value) in members {
            for (path, leaf) in value.leaves { leaves[[key] + path] = leaf }
        }
        return leaves
    }

    /// The value at a key path; nil where there is none.
    subscript(path: [String]) -> JSONValue? {
        guard let key = path.first else { return self }
        return self[key]?[Array(path.dropFirst())]
    }

    /// A copy with a value at a key path.
    func setting(_ value: JSONValue, at path: [String]) -> JSONValue {
        guard let key = path.first else { return value }
        var members = object
        members[key] = (self[key] ?? .object([:])).setting(value, at: Array(path.dropFirst()))
        return .object(members)
    }
}

extension StringProtocol {
    /// The consecutive JSON objects in the text, as kubectl prints them where it creates several.
    var jsonDocuments: [SubSequence] {
        var documents: [SubSequence] = []
        var start = startIndex
        var depth = 0
        var isQuoted = false
        var isEscaped = false
        for index in utf8.indices {
            switch utf8[index] {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\") where isQuoted: isEscaped = true
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "{") where !isQuoted:
                if depth == 0 { start = index }
                depth += 1
            case UInt8(ascii: "}") where !isQuoted:
                depth -= 1
                if depth == 0 { documents.append(self[start...index]) }
            default: break
            }
        }
        return documents
    }
}
