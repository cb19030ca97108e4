/// The request to the API server of a helm command that reads the last revision, with an answer in Helm's format.
///
/// Each of these commands makes one request for all records of a release; most of its cost is the start of Helm.
struct ReleaseLookup: Equatable, Sendable {
    enum Question: Equatable, Sendable { case history, values, manifest }

    let installation: InstallationID
    let question: Question

    /// - Returns: nil for any other command.
    init?(_ command: Command) {
        guard command.tool == .helm else { return nil }
        let words = command.arguments
        func value(of flag: String) -> String? {
            words.firstIndex(of: flag).flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
        }
        // After `history`, or after `get values`.
        for release in words.dropFirst().prefix(2) {
            let installation = InstallationID(
                context: value(of: "--kube-context") ?? "", namespace: value(of: "--namespace") ?? "",
                release: release)
            let question: Question? =
                switch command {
                case installation.helm.history(): .history
                case installation.helm.values(): .values
                case installation.helm.manifest(): .manifest
                default: nil
                }
            if let question {
                (self.installation, self.question) = (installation, question)
                return
            }
        }
        return nil
    }

    /// Whether Helm stores its records in Secrets.
    ///
    /// https://helm.sh/docs/topics/advanced/#storage-backends
    static func isPossible(in environment: [String: String]) -> Bool {
        HelmStorage(environment: environment) == .secrets
    }

    /// The path of the Secrets of the release, with a query.
    var path: String {
        let selector = "name=\(installation.release),owner=helm".percentEncoded
        return "/api/v1/namespaces/\(installation.namespace.percentEncoded)/secrets?labelSelector=\(selector)"
    }

    /// What Helm prints.
    /// - Parameter list: the Secrets of the release, as JSON.
    /// - Throws: any error where Helm is to be run, because a record is not understood.
    func answer(from list: String) throws -> CommandResult {
        guard let record = try ReleaseRecord.last(in: list) else {
            return CommandResult(status: 1, errors: "Error: release: not found\n")
        }
        return switch question {
        case .history: CommandResult(output: "\(JSONValue.array([record.row]).text)\n")
        case .values: CommandResult(output: "\((record.config ?? .null).text)\n")
        case .manifest: CommandResult(output: "\(record.manifest ?? "")\n")
        }
    }
}

/// Where Helm stores its records.
///
/// https://helm.sh/docs/topics/advanced/#storage-backends
enum HelmStorage: String {
    case secrets, configmaps
    /// In a database.
    case elsewhere

    init(environment: [String: String]) {
        let driver = environment["HELM_DRIVER"] ?? ""
        self =
            switch driver {
            case "configmap", "configmaps": .configmaps
            case "", "secret", "secrets": .secrets
            default: Tool.helm.ignores("HELM_DRIVER", driver) ? .secrets : .elsewhere
            }
    }
}
