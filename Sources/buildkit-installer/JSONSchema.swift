import Installer

/// A JSON schema of one value, as far as the program's output needs it: https://json-schema.org/draft/2020-12
struct JSONSchema {
    /// A key of an object.
    struct Member {
        var key: String
        var schema: JSONSchema
        var meaning: String
        var isRequired: Bool

        init(_ key: String, _ schema: JSONSchema, _ meaning: String, isRequired: Bool = true) {
            (self.key, self.schema, self.meaning, self.isRequired) = (key, schema, meaning, isRequired)
        }

        static func optional(_ key: String, _ schema: JSONSchema, _ meaning: String) -> Member {
            Member(key, schema, meaning, isRequired: false)
        }
    }

    private(set) var value: JSONValue

    static let string = JSONSchema(value: ["type": "string"])
    static let boolean = JSONSchema(value: ["type": "boolean"])
    static let integer = JSONSchema(value: ["type": "integer"])
    static let time = JSONSchema(value: ["type": "string", "format": "date-time"])
    static let anyObject = JSONSchema(value: ["type": "object"])

    static func constant(_ value: JSONValue) -> JSONSchema { JSONSchema(value: ["const": value]) }

    static func list(of items: JSONSchema) -> JSONSchema {
        JSONSchema(value: ["type": "array", "items": items.value])
    }

    static func one(of values: [String]) -> JSONSchema {
        JSONSchema(value: ["type": "string", "enum": .array(values.map { .string($0) })])
    }

    /// An object with these keys and no others.
    static func object(_ members: [Member]) -> JSONSchema {
        let properties = members.map { ($0.key, $0.schema.described($0.meaning).value) }
        return JSONSchema(value: [
            "type": "object",
            "properties": .object(Dictionary(properties) { $1 }),
            "required": .array(members.filter(\.isRequired).map { .string($0.key) }),
            "additionalProperties": false,
        ])
    }

    func described(_ meaning: String) -> JSONSchema {
        guard case .object(var object) = value else { return self }
        object["description"] = .string(meaning)
        return JSONSchema(value: .object(object))
    }
}

// Objects that several lines of the output hold.

extension JSONSchema {
    static let installation = object([
        Member("context", .string, "The kubeconfig context; empty: the current one."),
        Member("namespace", .string, "The namespace."),
        Member("release", .string, "The Helm release."),
    ])

    static let failureMembers: [Member] = [
        Member("code", .string, "The kind of failure: stable, for programs."),
        .optional("id", .string, "What it is about: step/release, pod/NAME, certificate/server."),
        Member("message", .string, "What happened, as a sentence."),
        .optional("detail", .string, "The words of the tool."),
        .optional("hint", .string, "What to do next."),
    ]
    static let failure = object(failureMembers)

    static let diagnostic = object([
        Member("severity", .one(of: ["error", "warning"]), "How bad it is."),
        Member("code", .string, "The kind of problem: stable, for programs."),
        Member("id", .string, "What it is about: pod/NAME, certificate/server."),
        Member("message", .string, "What it is, as a sentence."),
        .optional("hint", .string, "What to do next."),
    ])

    static let certificate = object([
        Member("id", .string, "certificate/server, certificate/client/NAME."),
        Member(
            "usage",
            .one(of: [
                "authority", "former-authority", "server", "client", "backend-authority", "backend-server",
                "backend-client",
            ]), "What it is for."),
        .optional("name", .string, "The client's name."),
        Member("subject", .string, "The subject."),
        Member("names", .list(of: .string), "The subject alternative names."),
        Member("serial", .string, "The serial in hexadecimal."),
        Member("notBefore", .time, "When it begins to be valid."),
        Member("notAfter", .time, "When it expires."),
        Member("daysLeft", .integer, "Whole days until it expires; negative once it has."),
        Member("validity", .one(of: ["valid", "ending", "expired", "early"]), "Whether it is valid now."),
        .optional("revoked", .boolean, "True where it is revoked."),
        Member("issuer", .string, "The issuer."),
        .optional("signer", .string, "The fingerprint of the authority that signed it, if it is listed."),
        Member("algorithm", .string, "The key's algorithm."),
        Member("fingerprint", .string, "SHA-256 of the certificate."),
        Member(
            "locations", .list(of: .one(of: ["machine", "renewal", "secret", "served"])),
            "Where it is: on this machine, waiting there for a renewal, in the Secret, served by Envoy."),
    ])
}
