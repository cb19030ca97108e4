extension AnswersFile {
    /// The JSON schema of an answers file, for editors and validators.
    ///
    /// It describes files as the wizard writes them. It cannot express dependencies between answers or the validity
    /// of names and addresses; ``AnswerSources/resolve()`` checks these.
    public static var schema: JSONValue {
        var properties = Dictionary(uniqueKeysWithValues: Field.all.map { ($0.id, $0.schema) })
        properties[Key.interactive] = [
            "description":
                "The pages that the wizard shows; all other pages count as answered. Default: all.",
            "type": "array",
            "items": .object(["enum": .array(Form.all.map { .string($0.id) })]),
        ]
        properties[Key.schema] = [
            "description": "The URL or path of this schema, for editors.", "type": "string",
        ]
        return [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Settings for buildkit-installer",
            "description": "The settings of buildkit-installer, named like its flags.",
            "type": "object",
            "properties": .object(properties),
            "additionalProperties": false,
        ]
    }
}

extension Field {
    fileprivate var schema: JSONValue {
        var schema = form
        schema["description"] = .string(emptyMeaning.map { "\(help) Default: \($0)." } ?? help)
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
