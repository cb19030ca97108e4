import FoundationEssentials
@testable import Installer
@testable import MutualTLS
import Synchronization

/// A cluster that stores Secrets like an API server, with resource versions that a writer may require, and accepts
/// everything else.
///
/// Each write counts as two changes of ``FileChangeLimit``: a run can be killed right before it, and right after it.
final class SecretCluster: CommandRunner {
    struct Secret: Sendable {
        var data: [String: String]
        var labels: [String: String]
        var version: Int
    }

    private let secrets: Mutex<[String: Secret]>

    init(_ secrets: [String: Secret] = [:]) { self.secrets = Mutex(secrets) }

    var content: [String: Secret] { secrets.withLock(\.self) }

    func removeAll() { secrets.withLock { $0 = [:] } }

    func text(_ key: String, of secret: String) -> String? {
        content[secret]?.data[key].flatMap { Data(base64Encoded: $0) }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    func run(
        _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void
    ) async throws -> CommandResult {
        guard command.tool == .kubectl else { return CommandResult() }
        let words = command.arguments
        if words.starts(with: ["get", "secret"]) {
            let names = words.dropFirst(2).prefix { !$0.hasPrefix("-") }
            let found = names.compactMap { name in content[name].map { $0.json(name) } }
            let whole: JSONValue = names.count > 1 ? ["items": .array(found)] : found.first ?? .null
            return CommandResult(output: whole == .null ? "" : whole.text(indented: false))
        }
        // It has no pods.
        if words.starts(with: ["get", "deployments.apps,pods"]) {
            return CommandResult(output: #"{"items": []}"#)
        }
        guard let input = command.input, ["apply", "create", "replace"].contains(words.first) else {
            return CommandResult()
        }
        let object = try JSONDecoder().decode(JSONValue.self, from: Data(input.utf8))
        guard object["kind"]?.string == "Secret" else { return CommandResult() }
        try FileChangeLimit.spend()
        guard write(object, creating: words.first == "create") else {
            return CommandResult(
                status: 1, errors: "the object has been modified; please apply your changes again")
        }
        try FileChangeLimit.spend()
        return CommandResult(output: "uid")
    }

    private func write(_ object: JSONValue, creating: Bool) -> Bool {
        guard let name = object["metadata"]?["name"]?.string else { return false }
        let version = object["metadata"]?["resourceVersion"]?.string
        return secrets.withLock { secrets in
            let before = secrets[name]
            if creating && before != nil { return false }
            if let version, version != before.map({ "\($0.version)" }) { return false }
            secrets[name] = Secret(
                data: (object["data"]?.object ?? [:]).compactMapValues(\.string),
                labels: (object["metadata"]?["labels"]?.object ?? [:]).compactMapValues(\.string),
                version: (before?.version ?? 0) + 1)
            return true
        }
    }
}

extension SecretCluster.Secret {
    fileprivate func json(_ name: String) -> JSONValue {
        [
            "apiVersion": "v1", "kind": "Secret", "type": "Opaque",
            "data": .object(data.mapValues { .string($0) }),
            "metadata": [
                "name": .string(name), "uid": "uid", "resourceVersion": .string("\(version)"),
                "labels": .object(labels.mapValues { .string($0) }),
            ],
        ]
    }
}
