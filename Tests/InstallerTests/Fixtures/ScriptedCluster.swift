import FoundationEssentials
@testable import Installer
import MutualTLS
import Synchronization

/// A cluster that answers every query of every workflow, and whose answer to one query can be faulty.
final class ScriptedCluster: CommandRunner {
    /// The kind of failure of an answer.
    enum Fault: String, CaseIterable {
        case fails, hangs, garbage
    }

    private let answers: [(start: String, output: String)]
    private let isInstalled: Bool
    private let spoilt: (command: String, fault: Fault)?
    private let seen = Mutex<Set<String>>([])

    /// The commands that were run.
    var commands: [String] { seen.withLock { $0.sorted() } }

    /// - Parameter folder: the certificates of an existing installation; nil: the cluster is empty.
    init(_ folder: CertificateFolder?, spoiling spoilt: (command: String, fault: Fault)? = nil) throws {
        self.spoilt = spoilt
        isInstalled = folder != nil
        let metadata = { (name: String, labels: String) in
            #""metadata": {"name": "\#(name)", "labels": {\#(labels)}}"#
        }
        let label = #""app.kubernetes.io/managed-by": "buildkit-installer""#
        let deployment =
            #""helm.sh/chart": "\#(Chart.label)", "app.kubernetes.io/instance": "buildkit""#
        let secrets = try folder.map { folder in
            var outer = CertificateLayout.pairFiles(in: folder)
            outer["crl.pem"] = folder.path(of: .revocations)
            let all = [
                ("buildkit-envoy-certs", outer),
                ("buildkit-secrets", CertificateLayout.innerFiles(in: folder)),
            ]
            let items = try all.map { name, files in
                let data = try files.map { key, path in
                    #""\#(key)": "\#(try Data(ofFile: path).base64EncodedString())""#
                }
                return "{\(metadata(name, label)), \"data\": {\(data.joined(separator: ", "))}}"
            }
            return #"{"items": [\#(items.joined(separator: ", "))]}"#
        }
        let release = """
            [{"revision": 3, "status": "deployed", "chart": "\(Chart.label)", "app_version": "\(Chart.appVersion)"}]
            """
        answers = [
            ("kubectl version --client", #"{"clientVersion": {"gitVersion": "v1.36.2"}}"#),
            ("kubectl version", #"{"serverVersion": {"gitVersion": "v1.36.2"}}"#),
            ("helm version", "v4.2.4"), ("docker --version", "Docker version 28.2.2, build e"),
            ("docker buildx version", "github.com/docker/buildx 0.29.1 0"),
            ("kubectl config view", #"["test", [{"name": "test"}]]"#),
            ("kubectl create --validate=false", try Recording.text("rules-review-of-an-administrator")),
            ("kubectl get namespace", isInstalled ? "{\(metadata("buildkit", label)), \"status\": {}}" : ""),
            ("kubectl get storageclasses", try Recording.text("storage-classes")),
            ("kubectl get nodes", try Recording.text("nodes")), ("kubectl get service", ""),
            ("kubectl get secret", secrets ?? ""),
            (
                "kubectl get persistentvolumeclaim",
                isInstalled
                    ? "{\(metadata("buildkit-cache", "")), \"spec\": {\"resources\": {\"requests\": {\"storage\": \"50Gi\"}}}}"
                    : ""
            ),
            ("helm history", isInstalled ? release : "\u{0}"),
            (
                "helm get values",
                isInstalled ? #"{"proxy": {"certificates": {"revocations": true}}}"# : "\u{0}"
            ),
            (
                "helm get manifest",
                isInstalled
                    ? "# Source: buildkit/templates/proxy/a.yaml\n# Source: buildkit/templates/builder/b.yaml"
                    : "\u{0}"
            ),
            (
                "kubectl get deployments.apps",
                isInstalled
                    ? """
                    {"items": [{\(metadata("buildkit-builder", deployment)), "spec": {"replicas": 0}}]}
                    """ : #"{"items": []}"#
            ),
            ("kubectl get scaledobjects.keda.sh", #"{"items": []}"#),
            ("kubectl api-resources", "configmaps\ndeployments.apps\n"), ("kubectl get configmaps,", ""),
            ("kubectl get pods", #"{"items": []}"#),
        ]
    }

    func run(
        _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void
    ) async throws -> CommandResult {
        let text = command.description
        _ = seen.withLock { $0.insert(text) }
        if let spoilt, spoilt.command == text {
            switch spoilt.fault {
            case .fails:
                return CommandResult(
                    status: 1, errors: "Unable to connect to the server: TLS handshake timeout")
            case .hangs: throw InstallerError("\(command.tool) took longer than 15 seconds and was stopped")
            case .garbage: return CommandResult(output: "{not json")
            }
        }
        guard let answer = answers.first(where: { text.hasPrefix($0.start) }) else {
            return CommandResult(status: 1, errors: "error: nothing is known of that")
        }
        return answer.output == "\u{0}"
            ? CommandResult(status: 1, errors: "Error: release: not found\n")
            : CommandResult(output: answer.output)
    }
}
