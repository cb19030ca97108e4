extension AnswersFile {
    /// The form of an answers file as a JSON schema, for editors and for validators.
    ///
    /// It describes files as the wizard writes them. What depends on other answers, and what makes a name or an
    /// address a good one, it cannot say; ``AnswerSources/resolve()`` does.
    public static var schema: JSONValue {
        var properties = Dictionary(uniqueKeysWithValues: Field.all.map { ($0.id, $0.schema) })
        properties[Key.interactive] = [
            "description":
                "The pages that the wizard asks; what the others ask counts as answered. Left out: all.",
            "type": "array",
            "items": .object(["enum": .array(Form.all.map { .string($0.id) })]),
        ]
        properties[Key.schema] = [
            "description": "Where an editor finds this schema.", "type": "string",
        ]
        return [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Answers for buildkit-installer",
            "description": "What buildkit-installer would ask, by the names of its flags.",
            "type": "object",
            "properties": .object(properties),
            "additionalProperties": false,
        ]
    }
}

extension Field {
    fileprivate var schema: JSONValue {
        var schema = form
        schema["description"] = .string(emptyMeaning.map { "\(help) Left out: \($0)." } ?? help)
        let standing = text(in: Answers())
        if standing.isEmpty {
            schema["examples"] = [kind.json(example)]
        } else {
            schema["default"] = kind.json(standing)
        }
        return .object(schema)
    }

    private var form: [String: JSONValue] {
        switch kind {
        case .text, .path:
            return emptyMeaning == nil ? ["type": "string", "minLength": 1] : ["type": "string"]
        case .number:
            var form: [String: JSONValue] = ["type": "integer"]
            form["minimum"] = range.map { .number(Double($0.lowerBound)) }
            form["maximum"] = range.map { .number(Double($0.upperBound)) }
            return form
        case .toggle: return ["type": "boolean"]
        case .list:
            var form: [String: JSONValue] = ["type": "array", "items": ["type": "string", "minLength": 1]]
            form["maxItems"] = range.map { .number(Double($0.upperBound)) }
            return form
        case .choice(let options): return .one(of: options)
        case .choices(let options):
            return ["type": "array", "uniqueItems": true, "items": .object(.one(of: options))]
        }
    }
}

extension [String: JSONValue] {
    fileprivate static func one(of options: [Field.Option]) -> Self {
        [
            "oneOf": .array(
                options.map { ["const": .string($0.value), "description": .string($0.help)] })
        ]
    }
}
