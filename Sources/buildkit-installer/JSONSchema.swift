import Installer

/// A JSON schema of one value, limited to what the program's output requires: https://json-schema.org/draft/2020-12
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
        Member("code", .string, "Failure code: stable across versions."),
        Member(
            "id", .string,
            "The affected object: step/release, tool/helm, checks, settings, installation, or a part of the status."
        ),
        Member("message", .string, "What failed, as a sentence."),
        .optional("detail", .string, "Error output of the tool."),
        .optional("hint", .string, "How to fix it."),
    ]
    private static let documentation = Member.optional(
        "docs", .string, "Documentation of the code.")

    static let failure = object(failureMembers + [documentation])
    /// A failure of a step, which it names.
    static let stepFailure = object(
        failureMembers.map { $0.key == "id" ? Member("id", .string, "The step: step/release.") : $0 }
            + [documentation])

    static let diagnostic = object([
        Member("severity", .one(of: ["error", "warning"]), "Severity."),
        Member("code", .string, "Problem code: stable across versions."),
        Member("id", .string, "The affected object: pod/NAME, certificate/server."),
        Member("message", .string, "The problem, as a sentence."),
        .optional("hint", .string, "How to fix it."),
    ])

    static let pod = object([
        Member("name", .string, "Pod name."),
        Member("ready", .boolean, "Whether the pod is ready."),
        .optional("node", .string, "Node of the pod."),
        .optional("message", .string, "Reason if the pod is not ready."),
        .optional("lastEvent", .string, "Last event of the pod."),
        Member("logs", .list(of: .string), "Last log lines, if the pod is not ready."),
    ])

    static let podProgress = object([
        Member("name", .string, "Pod name."),
        Member("state", .string, "State of the pod, in a few words."),
        Member("ready", .boolean, "Whether the pod is ready."),
        Member("restarts", .integer, "Restarts of its containers."),
    ])

    static let revocationPending = Member.optional(
        "revocationPending", .boolean,
        "True if the list in the cluster lacks the revocation: the proxy still accepts the certificate.")

    static let certificate = object([
        Member("id", .string, "certificate/server, certificate/client/NAME."),
        Member(
            "usage",
            .one(of: [
                "authority", "former-authority", "server", "client", "backend-authority", "backend-server",
                "backend-client",
            ]), "Usage of the certificate."),
        .optional("name", .string, "The client's name."),
        Member("subject", .string, "The subject."),
        Member("names", .list(of: .string), "The subject alternative names."),
        Member("serial", .string, "The serial in hexadecimal."),
        Member("notBefore", .time, "Start of validity."),
        Member("notAfter", .time, "Expiry."),
        Member("daysLeft", .integer, "Whole days until expiry; negative if expired."),
        Member("validity", .one(of: ["valid", "ending", "expired", "early"]), "Validity."),
        .optional("revoked", .boolean, "True if revoked."),
        revocationPending,
        Member("issuer", .string, "The issuer."),
        .optional("signer", .string, "Fingerprint of the CA that signed it, if that CA is listed."),
        Member("algorithm", .string, "Key algorithm."),
        Member("fingerprint", .string, "SHA-256 of the certificate."),
        Member(
            "locations", .list(of: .one(of: ["machine", "renewal", "secret", "served"])),
            "Locations: on this machine, on this machine pending a renewal, in the Secret, served by Envoy."),
    ])
}
