import FoundationEssentials
@testable import Installer
import LabSupport

/// Secrets with revisions of a release, as Helm stores them, compressed by gzip itself.
enum ReleaseSecrets {
    /// A revision with the fields that are read, and one that is not.
    static func record(_ revision: Int, values: JSONValue? = nil) -> JSONValue {
        var members: [String: JSONValue] = [
            "name": "buildkit", "namespace": "builds", "version": .number(Double(revision)),
            "info": [
                "status": "deployed", "description": "Upgrade complete",
                "first_deployed": "2026-11-22T16:40:28.950876469Z",
                "last_deployed": "2026-11-22T16:41:00.1+01:00",
            ],
            "chart": [
                "metadata": ["name": "buildkit", "version": "0.3.1", "appVersion": "v0.31.1"],
                "templates": [["name": "templates/a.yaml", "data": "e30="]],
            ],
            "manifest": .string("---\n# Source: revision \(revision)\n{}\n"),
            "hooks": [["manifest": "hook: true"]],
        ]
        members["config"] = values
        return .object(members)
    }

    static func compressed(_ text: String) async throws -> [UInt8] {
        let encoded = try await Program("sh").require("-c", "gzip -c | base64 | tr -d '\\n'", input: text)
        return Array(Data(base64Encoded: encoded) ?? Data())
    }

    /// The field of the Secret.
    static func data(_ record: JSONValue, isCompressed: Bool = true) async throws -> String {
        let bytes = isCompressed ? try await compressed(record.text) : Array(record.text.utf8)
        return Data(Data(bytes).base64EncodedString().utf8).base64EncodedString()
    }

    static func secret(_ revision: String, data: String) -> JSONValue {
        [
            "metadata": ["labels": ["owner": "helm", "name": "buildkit", "version": .string(revision)]],
            "type": "helm.sh/release.v1", "data": ["release": .string(data)],
        ]
    }

    /// The API server's answer.
    static func list(_ secrets: JSONValue...) -> String {
        JSONValue.object(["kind": "SecretList", "apiVersion": "v1", "items": .array(secrets)]).text
    }
}
